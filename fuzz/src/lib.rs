//! What the fuzz targets share: JSON that is changed as JSON (`mutate`), what an update may become (`inbound`), messages made of a few bytes (`making`), and
//! what must hold of everything that Guichet says (`limits`), as the simulated platforms judge it.

pub mod desk;
pub mod inbound;
pub mod limits;
pub mod making;
pub mod mutate;

/// Characters that no text may carry on: controls but for line ends and tabs, and those that turn later text around.
#[must_use]
pub fn is_unwanted(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
