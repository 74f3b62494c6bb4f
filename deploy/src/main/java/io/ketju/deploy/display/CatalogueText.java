package io.ketju.deploy.display;

import io.ketju.layers.catalogue.Catalogue;
import io.ketju.layers.catalogue.Catalogue.Section;
import io.ketju.layers.spec.Argument;
import io.ketju.layers.spec.Description;
import java.util.ArrayList;
import java.util.List;

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
                String name = description.name() + " ".repeat(width - description.name().length());
                String line = "  " + name + "  " + description.summary();
                lines.add(terminal.interactive() ? terminal.cut(line) : line);
            }
        }
        return lines;
    }

    /** The signature and the page of one. */
    public static List<String> one(Description description) {
        List<String> lines = new ArrayList<>();
        lines.add(description.signature());
        lines.add(description.summary() + ".");
        for (Argument argument : description.arguments()) {
            lines.add(JobHeader.field(argument.name()) + argument.about());
        }
        add(lines, "formula", description.formula());
        add(lines, "shapes", description.shapes());
        add(lines, "parameters", description.parameters());
        add(lines, "source", description.source());
        return lines;
    }

    private static void add(List<String> lines, String what, String text) {
        if (!text.isEmpty()) {
            lines.add(JobHeader.field(what) + text);
        }
    }
}
