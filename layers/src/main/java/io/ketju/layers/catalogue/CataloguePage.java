package io.ketju.layers.catalogue;

import io.ketju.layers.catalogue.Catalogue.Section;
import io.ketju.layers.spec.Argument;
import io.ketju.layers.spec.Description;
import java.util.ArrayList;
import java.util.List;

/** A catalogue as a page of Markdown: what {@code docs} holds. */
public final class CataloguePage {
    private static final String PYTORCH = "https://docs.pytorch.org/docs/stable/generated/";

    private final List<String> lines = new ArrayList<>();

    private CataloguePage() {}

    /**
     * Writes the whole page.
     *
     * @param catalogue what it lists
     * @return its lines, without line ends
     */
    public static List<String> of(Catalogue catalogue) {
        CataloguePage page = new CataloguePage();
        page.lines.add("# " + catalogue.title());
        page.lines.add("");
        page.lines.add("<!-- Made by `./ketju " + catalogue.name() + " --markdown > docs/" + catalogue.name()
                + ".md`; a test compares it with the code. -->");
        page.lines.add("");
        page.lines.add(catalogue.introduction() + " `./ketju " + catalogue.name() + "` lists them, `./ketju "
                + catalogue.name() + " NAME` shows one. What follows a `*` is given by name only.");
        catalogue.families().forEach(family -> page.add(catalogue, family));
        return List.copyOf(page.lines);
    }

    private void add(Catalogue catalogue, Section section) {
        if (!section.name().isEmpty()) {
            lines.add("");
            lines.add("## " + section.name());
        }
        if (!section.text().isEmpty()) {
            lines.add("");
            lines.addAll(section.text());
        }
        for (Description description : section.descriptions()) {
            lines.add("");
            lines.add("### " + description.name());
            lines.add("");
            lines.add("`" + description.signature() + "`");
            lines.add("");
            lines.add(description.summary() + ".");
            add(description);
            picture(catalogue.picture().apply(description));
        }
    }

    private void add(Description description) {
        lines.add("");
        point("Formula", code(description.formula()));
        for (Argument argument : description.arguments()) {
            point("`" + argument.name() + "`", argument.about());
        }
        point("Shapes", description.shapes());
        point("Parameters", description.parameters());
        point("Use", description.use());
        point("Source", linked(description.source()));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
    }

    private void picture(List<String> text) {
        if (!text.isEmpty()) {
            lines.add("");
            lines.add("```text");
            lines.addAll(text);
            lines.add("```");
        }
    }

    private void point(String what, String text) {
        if (!text.isEmpty()) {
            lines.add("- " + what + ": " + text);
        }
    }

    private static String code(String text) {
        return text.isEmpty() ? text : "`" + text + "`";
    }

    /** Names of PyTorch become links. */
    private static String linked(String source) {
        return source.replaceAll("\\btorch(\\.\\w+)+", "[$0](" + PYTORCH + "$0.html)");
    }
}
