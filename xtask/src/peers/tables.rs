//! Plain text tables.

/// Is a table that grows by rows.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Starts a table with a head.
    pub(crate) fn new(head: &[&str]) -> Self {
        Self {
            rows: vec![head.iter().map(ToString::to_string).collect()],
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[&str]) {
        self.rows
            .push(cells.iter().map(ToString::to_string).collect());
    }

    /// Returns the table in Markdown, columns aligned.
    pub(crate) fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |at: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(at))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            for at in 0..columns {
                let cell = row.get(at).map_or("", String::as_str);
                text += &format!("| {cell:<0$} ", width(at));
            }
            text += "|\n";
            if number == 0 {
                for at in 0..columns {
                    text += &format!("|{}", "-".repeat(width(at) + 2));
                }
                text += "|\n";
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::new(&["a", "long"]);
        table.row(&["wide", "x"]);
        assert_eq!(
            table.render(),
            "| a    | long |\n|------|------|\n| wide | x    |\n"
        );
    }
}
