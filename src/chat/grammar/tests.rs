use super::super::intent::Intent;
use super::*;

fn call(message: &str) -> Call {
    match from_text(message) {
        Some(Intent::Command(call)) => call,
        other => panic!("{message:?} became {other:?}"),
    }
}

#[test]
fn a_number_and_words_are_told_apart() {
    let read = call("/resolve #12 Chargeur échangé, salle B12");
    assert_eq!((read.command, read.number.as_deref()), (Command::Resolve, Some("12")));
    assert_eq!(read.text, "Chargeur échangé, salle B12");
}

#[test]
fn french_names_the_bots_name_and_capitals_are_understood() {
    assert_eq!(call("/PRENDRE@GuichetBot 3").command, Command::Take);
    assert_eq!(call("/aide").command, Command::Help);
}

#[test]
fn words_without_a_number_are_all_text() {
    let read = call("/note il faut 3 câbles");
    assert_eq!((read.number, read.text.as_str()), (None, "il faut 3 câbles"));
}

#[test]
fn what_is_no_command_is_left_alone() {
    assert!(from_text("/etc/passwd n'est pas lisible").is_none());
    assert!(from_text("/").is_none());
    assert!(from_text("bonjour /help").is_none());
}

#[test]
fn an_unknown_command_keeps_its_name() {
    assert!(matches!(from_text("/fly me"), Some(Intent::UnknownCommand(name)) if name == "/fly"));
}
