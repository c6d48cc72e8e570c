//! Texts that the team sends often: what in them is filled when they are used.

use super::language::Language;
use super::text::{TextError, folded};

/// What is filled: `{name}`, or `{nom}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// Who asked.
    Name,
    /// The ticket's number.
    Number,
    /// Its title.
    Title,
    /// Who is in charge; where nobody is, who writes.
    Technician,
}

impl Variable {
    /// All variables.
    pub const ALL: [Self; 4] = [Self::Name, Self::Number, Self::Title, Self::Technician];

    /// All of them, as they are written in a text of that language.
    #[must_use]
    pub fn listed(language: Language) -> String {
        let name = |variable: Self| {
            let [french, english] = variable.names();
            match language {
                Language::Fr => format!("{{{french}}}"),
                Language::En => format!("{{{english}}}"),
            }
        };
        Self::ALL.map(name).join(", ")
    }

    /// What it is called in French, and in English.
    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Name => ["nom", "name"],
            Self::Number => ["numero", "number"],
            Self::Title => ["titre", "title"],
            Self::Technician => ["technicien", "technician"],
        }
    }

    fn called(name: &str) -> Option<Self> {
        let name = folded(name);
        Self::ALL
            .into_iter()
            .find(|variable| variable.names().contains(&name.as_str()))
    }
}

/// A part of a text.
enum Piece<'a> {
    Words(&'a str),
    /// What stands in braces, where that reads like a name.
    Named(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let behind = &rest[open + 1..];
        let named = behind.split_once('}').filter(|(inside, _)| reads_like_a_name(inside));
        if let Some((inside, after)) = named {
            pieces.push(Piece::Words(&rest[..open]));
            pieces.push(Piece::Named(inside));
            rest = after;
        } else {
            pieces.push(Piece::Words(&rest[..=open]));
            rest = behind;
        }
    }
    pieces.push(Piece::Words(rest));
    pieces
}

fn reads_like_a_name(inside: &str) -> bool {
    let name = folded(inside);
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Checks that nothing is to be filled that nobody knows.
///
/// # Errors
/// [`TextError::UnknownVariable`].
pub fn known_variables(text: &str) -> Result<(), TextError> {
    let unknown = pieces(text)
        .iter()
        .any(|piece| matches!(piece, Piece::Named(name) if Variable::called(name).is_none()));
    if unknown {
        Err(TextError::UnknownVariable)
    } else {
        Ok(())
    }
}

/// The text with each variable filled. What is filled in is looked at no more: whatever stands in a title stays so.
#[must_use]
pub fn filled(text: &str, value: impl Fn(Variable) -> String) -> String {
    let of = |piece| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Named(name) => Variable::called(name).map_or_else(|| format!("{{{name}}}"), &value),
    };
    pieces(text).into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_told_from_other_braces() {
        for text in [
            "Bonjour {nom}, {name}",
            "{ Numéro } {NUME\u{301}RO} {titre}{technicien}",
            "{} { } {-} {\"a\": 1} {{ } } { $name }",
            "{nom",
            "}{",
        ] {
            assert_eq!(known_variables(text), Ok(()), "{text}");
        }
        for text in ["{0}", "{prénom}", "{{nom}} {x}", "{title_}", "{ nom { x }"] {
            assert_eq!(known_variables(text), Err(TextError::UnknownVariable), "{text}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        let value = |variable| match variable {
            Variable::Name => "{title}".to_owned(),
            Variable::Number => "12".to_owned(),
            Variable::Title => "{nom} {".to_owned(),
            Variable::Technician => "Moussa".to_owned(),
        };
        assert_eq!(
            filled("{nom} {Name} n° {numero} : {title}{technicien} {} {", value),
            "{title} {title} n° 12 : {nom} {Moussa {} {"
        );
    }
}
