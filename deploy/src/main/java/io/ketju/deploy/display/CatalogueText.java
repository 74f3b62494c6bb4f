package io.ketju.deploy.display;

import io.ketju.layers.catalogue.Catalogue;
import io.ketju.layers.catalogue.Catalogue.Section;
import io.ketju.layers.spec.Argument;
import io.ketju.layers.spec.Description;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What can be named in a job, for the terminal. */
public final class CatalogueText {
    private CatalogueText() {}

    /** One line each, cut to the terminal, under the headings of the families. */
    public static List<String> list(Catalogue catalogue, Terminal terminal) {
        int width = catalogue.descriptions().stream()
                .mapToInt(description -> description.name().length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        for (Section family : catalogue.families()) {
            if (!family.name().isEmpty()) {
                lines.add(lines.isEmpty() ? family.name() : "");
                if (lines.size() > 1) {
                    lines.add(family.name());
                }
            }
            for (Description description : family.descriptions()) {
                String name = description.name()
                        + " ".repeat(width - description.name().length());
                String line = "  " + name + "  " + description.summary();
                lines.add(terminal.interactive() ? terminal.cut(line) : line);
            }
        }
        return lines;
    }

    /** The signature and the page of one. */
    public static List<String> one(Description description) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Argument argument : description.arguments()) {
            fields.put(argument.name(), argument.about());
        }
        fields.put("formula", description.formula());
        fields.put("shapes", description.shapes());
        fields.put("parameters", description.parameters());
        fields.put("use", description.use());
        fields.put("source", description.source());
        fields.values().removeIf(String::isEmpty);
        int width = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>(List.of(description.signature(), description.summary() + "."));
        fields.forEach((name, text) -> lines.add("  " + name + " ".repeat(width - name.length() + 2) + text));
        return lines;
    }
}
