package io.ketju.report.page;

import java.util.List;

/** Tables, in a box that scrolls where they are too wide, which the keyboard reaches. */
final class Rows {
    private Rows() {}

    /** The first cell of a row is its heading. */
    static void write(Markup html, String caption, List<String> headings, List<List<String>> rows) {
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption);
        html.open("table").leaf("caption", caption).open("thead").open("tr");
        headings.forEach(heading -> html.leaf("th", heading, "scope", "col"));
        html.close().close().open("tbody");
        for (List<String> row : rows) {
            html.open("tr");
            for (int i = 0; i < row.size(); i++) {
                if (i == 0) {
                    html.leaf("th", row.get(i), "scope", "row");
                } else {
                    html.leaf("td", row.get(i));
                }
            }
            html.close();
        }
        html.close().close().close();
    }
}
