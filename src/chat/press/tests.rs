use super::super::listing::Scope;
use super::*;
use crate::domain::ids::{CannedId, QuestionId};
use crate::domain::pace::Pace;
use crate::domain::question::QuestionKind;

#[test]
fn every_press_survives_the_way_there_and_back() {
    let ticket = TicketId(u64::MAX);
    let mut all = vec![
        Press::Send,
        Press::ShowDraft,
        Press::PickUrgency,
        Press::SetUrgency(Urgency::High),
        Press::SetCategory(CategoryId(3)),
        Press::EditDraft,
        Press::DropDraft,
        Press::AddTo(ticket),
        Press::NewTicket,
        Press::NewFor(AccountId(7), None, None),
        Press::NewFor(AccountId(u64::MAX), Some(Urgency::Medium), Some(CategoryId(u64::MAX))),
        Press::Mine,
        Press::Day,
        Press::Search,
        Press::WithdrawSurely(ticket),
        Press::DeleteSurely(ticket),
        Press::PurgeSurely(ticket),
        Press::Deleted(u32::MAX),
        Press::History(ticket, u32::MAX),
        Press::Change(ticket),
        Press::Prioritize(ticket, Urgency::High),
        Press::Categorize(ticket, CategoryId(u64::MAX)),
        Press::Colleagues(Handing::Assign, ticket, u32::MAX),
        Press::Colleagues(Handing::HandOver, ticket, 0),
        Press::Colleagues(Handing::Help, ticket, 0),
        Press::HandTo(Handing::Help, ticket, AccountId(u64::MAX)),
        Press::LetGo(ticket, AccountId(u64::MAX)),
        Press::HandTo(Handing::Assign, ticket, AccountId(u64::MAX)),
        Press::HandTo(Handing::HandOver, ticket, AccountId(u64::MAX)),
        Press::Stars(ticket, Stars::ALL[4]),
        Press::Remark(ticket),
        Press::Canned(CannedPress::List(u32::MAX)),
        Press::Canned(CannedPress::Show(CannedId(u64::MAX))),
        Press::Canned(CannedPress::New),
        Press::Canned(CannedPress::Rename(CannedId(u64::MAX))),
        Press::Canned(CannedPress::Rewrite(CannedId(u64::MAX))),
        Press::Canned(CannedPress::AskRemove(CannedId(u64::MAX))),
        Press::Canned(CannedPress::Remove(CannedId(u64::MAX))),
        Press::Canned(CannedPress::Choose(ticket, u32::MAX)),
        Press::Canned(CannedPress::Use(ticket, CannedId(u64::MAX))),
        Press::Canned(CannedPress::Send(ticket, Mark::of_words("Merci"))),
        Press::Keep,
        Press::StopAsking,
        Press::FormAgain,
        Press::EnterCode,
        Press::NewLetter,
        Press::OtherEmail,
        Press::LateAnswer(true),
        Press::ConfirmLink(false, Mark::of(&[0xab; 32])),
        Press::ShowCode,
        Press::AskUnlink(IdentityId(u64::MAX)),
        Press::Unlink(IdentityId(u64::MAX)),
        Press::AskDisown(IdentityId(u64::MAX)),
        Press::Disown(IdentityId(u64::MAX)),
        Press::KeepChats,
        Press::TellEverywhere(true),
        Press::Notify(NotifyPress::Show),
        Press::Notify(NotifyPress::Everywhere(true)),
        Press::Notify(NotifyPress::Everywhere(false)),
        Press::Accept(true, Mark::of(&[0; 32])),
        Press::People(u32::MAX),
        Press::Person(AccountId(u64::MAX)),
        Press::Delete(AccountId(u64::MAX)),
        Press::Speak(Language::En),
        Press::Resend(OutboxId(u64::MAX)),
        Press::ResendAll,
    ];
    all.extend(Pace::ALL.map(|pace| Press::Notify(NotifyPress::Pace(pace))));
    all.extend(Action::ALL.map(|action| Press::Do(action, ticket)));
    all.extend(Scope::ALL.map(|scope| Press::List(Listing::of(scope).at(u8::MAX))));
    let team = Listing::of(Scope::Team).with_technician(Some(AccountId(u64::MAX)));
    let team = team.with_next_urgency().with_next_urgency().with_next_age();
    for status in Scope::Team.choosable() {
        let chosen = team.with_status(Some(*status)).at(u8::MAX);
        all.push(Press::Categories(CategoryPress::ChooseOf(chosen, u32::MAX)));
        all.push(Press::List(chosen.with_category(Some(CategoryId(u64::MAX)))));
    }
    let chosen = Listing::of(Scope::MineOver).with_next_urgency();
    all.push(Press::List(chosen.with_category(Some(CategoryId(u64::MAX)))));
    let person = AccountId(u64::MAX);
    all.extend(AccountDeed::ALL.map(|deed| Press::AskPerson(deed, person)));
    all.extend(AccountDeed::ALL.map(|deed| Press::DoPerson(deed, person)));
    all.extend(of_categories());
    for press in all {
        let carried = press.to_string();
        assert!(carried.len() <= 64, "{carried}");
        assert_eq!(carried.parse(), Ok(press));
    }
}

/// Those of categories and of their questions.
fn of_categories() -> Vec<Press> {
    let (ticket, question) = (TicketId(u64::MAX), QuestionId(u64::MAX));
    let listing = Listing::of(Scope::Resolved).with_technician(Some(AccountId(u64::MAX)));
    let listing = listing.with_next_urgency().with_next_urgency().with_next_age();
    let mut all = vec![
        Press::Categories(CategoryPress::List(u32::MAX)),
        Press::Categories(CategoryPress::Show(CategoryId(u64::MAX))),
        Press::Categories(CategoryPress::New),
        Press::Categories(CategoryPress::Rename(CategoryId(u64::MAX), Language::Fr)),
        Press::Categories(CategoryPress::Rename(CategoryId(u64::MAX), Language::En)),
        Press::Categories(CategoryPress::Keywords(CategoryId(u64::MAX))),
        Press::Categories(CategoryPress::Retire(true, CategoryId(u64::MAX))),
        Press::Categories(CategoryPress::Retire(false, CategoryId(u64::MAX))),
        Press::Categories(CategoryPress::Choose(u32::MAX)),
        Press::Categories(CategoryPress::ChooseFor(ticket, u32::MAX)),
        Press::Categories(CategoryPress::ChooseOf(listing, u32::MAX)),
        Press::Questions(QuestionPress::Of(CategoryId(u64::MAX))),
        Press::Questions(QuestionPress::New(CategoryId(u64::MAX))),
        Press::Questions(QuestionPress::Show(question)),
        Press::Questions(QuestionPress::Words(question)),
        Press::Questions(QuestionPress::Choices(question)),
        Press::Questions(QuestionPress::Require(true, question)),
        Press::Questions(QuestionPress::Require(false, question)),
        Press::Questions(QuestionPress::AskRemove(question)),
        Press::Questions(QuestionPress::Remove(question, u32::MAX)),
        Press::Questions(QuestionPress::Fill),
        Press::Questions(QuestionPress::Page(question, u32::MAX)),
        Press::Questions(QuestionPress::Choose(question, Mark::of_words("12"))),
        Press::Questions(QuestionPress::Pass(question)),
        Press::Questions(QuestionPress::Clear(question)),
    ];
    let kinds = QuestionKind::ALL.map(|kind| QuestionPress::Add(CategoryId(u64::MAX), kind));
    all.extend(kinds.map(Press::Questions));
    all
}

#[test]
fn a_forged_press_is_unknown() {
    for forged in [
        "",
        "take",
        "take:",
        "take:-1",
        "take:99999999999999999999",
        "fly:1",
        "fly!:1",
        "disable??:1",
        "admin!:",
        "urgency:now",
        "urgency_of:1",
        "urgency_of:1:now",
        "category_of:1:-1",
        "assign_from:1:-1",
        "handover_to:1",
        "handover_to:1:2:3",
        "stars:1:0",
        "stars:1:6",
        "stars:1:+4",
        "remark:",
        "canned:",
        "canned:new:1",
        "canned:list:-1",
        "canned:show:",
        "canned:remove?:x",
        "canned:use:1",
        "canned:use:1:2:3",
        "canned:send:1:xyz",
        "canned:fly:1:2",
        "questions:",
        "questions:fill:1",
        "questions:essay:1",
        "questions:page:1",
        "questions:choose:1:xyz",
        "questions:choose:1",
        "categories:",
        "categories:new:1",
        "categories:de:1",
        "categories:fr:",
        "categories:list:-1",
        "categories:for:1",
        "categories:for:1:2:3",
        "notify:",
        "notify:daily",
        "list:all:-:-:0",
        "list:team:-:-:256",
        "list:team:-:-",
        "' OR 1=1",
    ] {
        assert_eq!(forged.parse::<Press>(), Err(UnknownPress), "{forged}");
    }
}
