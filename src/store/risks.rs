//! The server's settings under which what Guichet has acknowledged can be lost all the same.

use std::collections::HashMap;

use super::{Fault, Store};

impl Store {
    /// Lists what is dangerous about the server's settings, a sentence each, with the remedy.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_risks(&self) -> Result<Vec<String>, Fault> {
        // Neither statement can be prepared against the schema: the variables differ from server to server.
        let variables: Vec<(String, String)> = sqlx::query_as(
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('innodb_flush_log_at_trx_commit', 'log_bin', 'sync_binlog',
             'innodb_doublewrite', 'sql_mode', 'wsrep_on', 'wsrep_OSU_method', 'binlog_format')",
        )
        .fetch_all(&self.pool)
        .await?;
        let tables: Vec<(String,)> = sqlx::query_as(
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables
             WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
             AND (engine <> 'InnoDB' OR table_collation NOT LIKE 'utf8mb4%') ORDER BY table_name",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut risks = of_variables(&variables.into_iter().collect());
        if !tables.is_empty() {
            let names: Vec<String> = tables.into_iter().map(|(name,)| name).collect();
            risks.push(format!(
                "the tables {} are not InnoDB with utf8mb4: ALTER TABLE … ENGINE = InnoDB, CONVERT TO CHARACTER SET \
                 utf8mb4",
                names.join(", ")
            ));
        }
        Ok(risks)
    }
}

/// A variable that the server does not have is not dangerous.
fn of_variables(variables: &HashMap<String, String>) -> Vec<String> {
    let is = |name: &str, dangerous: fn(&str) -> bool| variables.get(name).is_some_and(|value| dangerous(value));
    let on = |value: &str| value == "ON" || value == "1";
    let off = |value: &str| value == "OFF" || value == "0";
    let wsrep = is("wsrep_on", on);
    let mut risks = Vec::new();
    if is("innodb_flush_log_at_trx_commit", |value| value != "1") {
        risks.push(
            "a power cut loses tickets of the last second, on a cluster when all nodes die: set \
                    innodb_flush_log_at_trx_commit = 1",
        );
    }
    if is("log_bin", on) && is("sync_binlog", |value| value != "1") {
        risks.push("after a crash the server and its replicas may differ: set sync_binlog = 1");
    }
    if is("innodb_doublewrite", off) {
        risks.push(
            "a power cut in the middle of a page ruins it, unless the disk writes whole pages: set \
                    innodb_doublewrite = ON",
        );
    }
    if is("sql_mode", |value| {
        !value.contains("STRICT_TRANS_TABLES") && !value.contains("STRICT_ALL_TABLES")
    }) {
        risks.push("what is too long is cut without a word: add STRICT_TRANS_TABLES to sql_mode");
    }
    if wsrep && is("wsrep_OSU_method", |value| value != "TOI") {
        risks.push("a new version's tables would be made on one node only: set wsrep_OSU_method = TOI");
    }
    if wsrep && is("binlog_format", |value| value != "ROW") {
        risks.push("the nodes of a cluster may come to differ: set binlog_format = ROW");
    }
    risks.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn risks(variables: &[(&str, &str)]) -> String {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        of_variables(&variables).join("\n")
    }

    #[test]
    fn a_durable_server_is_not_warned_about() {
        let durable = [
            ("innodb_flush_log_at_trx_commit", "1"),
            ("log_bin", "ON"),
            ("sync_binlog", "1"),
            ("innodb_doublewrite", "ON"),
            ("sql_mode", "STRICT_TRANS_TABLES,NO_ZERO_DATE"),
            ("wsrep_on", "ON"),
            ("wsrep_OSU_method", "TOI"),
            ("binlog_format", "ROW"),
        ];
        assert_eq!(risks(&durable), "");
        assert_eq!(risks(&[]), "");
    }

    #[test]
    fn each_danger_comes_with_its_remedy() {
        let careless = [
            ("innodb_flush_log_at_trx_commit", "2"),
            ("log_bin", "ON"),
            ("sync_binlog", "0"),
            ("innodb_doublewrite", "OFF"),
            ("sql_mode", "NO_ENGINE_SUBSTITUTION"),
            ("wsrep_on", "ON"),
            ("wsrep_OSU_method", "RSU"),
            ("binlog_format", "MIXED"),
        ];
        insta::assert_snapshot!(risks(&careless), @r"
        a power cut loses tickets of the last second, on a cluster when all nodes die: set innodb_flush_log_at_trx_commit = 1
        after a crash the server and its replicas may differ: set sync_binlog = 1
        a power cut in the middle of a page ruins it, unless the disk writes whole pages: set innodb_doublewrite = ON
        what is too long is cut without a word: add STRICT_TRANS_TABLES to sql_mode
        a new version's tables would be made on one node only: set wsrep_OSU_method = TOI
        the nodes of a cluster may come to differ: set binlog_format = ROW
        ");
    }
}
