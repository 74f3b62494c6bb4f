package io.ketju.report.page;

import io.ketju.report.figure.AttentionMap;
import io.ketju.report.gather.RunPictures;
import java.util.List;

/** What the model has learnt, where that can be seen. */
final class WeightsPart {
    private WeightsPart() {}

    static void write(Markup html, RunPictures run) {
        run.filters().ifPresent(images -> TilesPart.write(html, images));
        run.attention().forEach(map -> attention(html, map));
        if (run.filters().isEmpty() && run.attention().isEmpty()) {
            html.leaf("p", "No layer of this model has weights that can be looked at as a picture.");
        }
    }

    private static void attention(Markup html, AttentionMap map) {
        html.leaf("h3", map.title());
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", map.title());
        html.open("table", "class", "attention").open("thead").open("tr").leaf("th", "", "scope", "col");
        map.keys().forEach(key -> html.leaf("th", key, "scope", "col"));
        html.close().close().open("tbody");
        for (int i = 0; i < map.queries().size(); i++) {
            html.open("tr").leaf("th", map.queries().get(i), "scope", "row");
            List<Float> row = map.shares().get(i);
            for (int k = 0; k < row.size(); k++) {
                html.leaf(
                        "td",
                        "",
                        "style",
                        "--share:" + Math.round(100 * row.get(k)) + "%",
                        "title",
                        map.queries().get(i) + " to " + map.keys().get(k) + ": " + Numbers.of(row.get(k)));
            }
            html.close();
        }
        html.close().close().close();
    }
}
