//! What people write while the desk is closed or cut off.

use guichet::domain::platform::Platform;

use crate::harness::{Learner, StaffOn, World, office};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_the_desk_is_closed_is_answered_when_it_opens() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let ibou = Learner::new(&world, "Ibou Fall", Platform::Discord, "fr");
    let lina = Learner::new(&world, "Lina Ndiaye", Platform::Telegram, "fr");
    for (learner, name, email) in [
        (&ibou, "Ibou Fall", "ibou@exemple.org"),
        (&lina, "Lina Ndiaye", "lina@exemple.org"),
    ] {
        learner.private.says("Bonjour, plus de Wi-Fi").await;
        learner.signs_up(name, email, "fr").await;
        let draft = learner.private.sees("Réseau").await;
        learner.private.presses(&draft, "Envoyer").await;
        learner.private.sees("En attente").await;
    }
    let card = staff.moussa.channel.sees("N° 1").await;
    staff.moussa.channel.presses(&card, "Prendre").await;
    staff.moussa.thread(&world, 1).sees("prend la demande").await;
    world.close().await;
    ibou.private.says("Mon écran est noir").await;
    lina.private.says("Mon clavier est cassé").await;
    let thread = staff.moussa.thread(&world, 1);
    let noted = thread.says("Je regarde la borne").await;
    world.start().await;
    ibou.private.sees("Mon écran est noir").await;
    lina.private.sees("Mon clavier est cassé").await;
    thread.sees_reaction(noted, "✍", "📝").await;
    let details = staff.fatou.channel.uses("show", &[("number", "1")]).await;
    assert!(format!("{details:?}").contains("Je regarde la borne"), "{details:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_discord_is_cut_off_is_answered_afterwards() {
    let world = World::open().await;
    let ibou = Learner::new(&world, "Ibou Fall", Platform::Discord, "fr");
    ibou.private.says("Plus de Wi-Fi").await;
    ibou.signs_up("Ibou Fall", "ibou@exemple.org", "fr").await;
    ibou.private.sees("Réseau").await;
    world.discord.forget_sessions();
    ibou.private.says("Et mon écran est noir").await;
    ibou.private.sees("Et mon écran est noir").await;
}
