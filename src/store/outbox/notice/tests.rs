use super::*;

#[test]
fn a_receipt_is_kept_by_its_code_and_that_for_a_note_is_refused() {
    let kept = |code: &str| format!(r#"{{"marked":{{"identity":1,"comment":2,"sign":"{code}"}}}}"#);
    for (code, receipt) in [
        ("sent", Receipt::Sent),
        ("delivered", Receipt::Delivered),
        ("read", Receipt::Read),
        ("done", Receipt::Done),
    ] {
        let notice = Notice::Marked {
            identity: IdentityId(1),
            comment: CommentId(2),
            receipt,
        };
        assert_eq!(serde_json::to_string(&notice).unwrap(), kept(code));
        assert_eq!(serde_json::from_str::<Notice>(&kept(code)).unwrap(), notice);
    }
    assert!(serde_json::from_str::<Notice>(&kept("noted")).is_err());
}
