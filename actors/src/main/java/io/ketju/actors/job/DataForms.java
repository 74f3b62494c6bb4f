package io.ketju.actors.job;

import io.ketju.data.BadDataException;
import io.ketju.data.Datasets;
import io.ketju.data.Texts;
import io.ketju.data.TrainTest;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Data that takes more than a name to be read, as a spec: {@code text(dickens, context=64)}. The first argument is where it comes
 * from, a known name or a path in quotes; what it is read as stands in the descriptions.
 */
public final class DataForms {
    private static final Registry<TrainTest> REGISTRY = new Registry<>(
            "data",
            List.of(
                    ImageForms.IMAGES,
                    ImageForms.AUGMENT,
                    ImageForms.SCALE,
                    TableForms.TABLE,
                    TextForms.TEXT,
                    TextForms.PAIRS,
                    TextForms.LINES,
                    WindowForms.WINDOWS,
                    GraphForms.GRAPH));

    private static final Pattern FORM =
            Pattern.compile("\\s*(" + String.join("|", REGISTRY.names()) + ")\\s*\\((?s:.*)");

    /** What may be a form whose name is mistyped, as a file's path hardly is. */
    private static final Pattern CALL = Pattern.compile("\\s*[A-Za-z_]\\w*\\s*\\((?s:.*)\\)\\s*");

    /** What is written for a name alone. */
    private static final Map<String, String> NAMED = Map.of(
            "dickens",
            "text(dickens)",
            "verses",
            "pairs(verses)",
            "authors",
            "lines(authors)",
            "karate",
            "graph(karate)");

    /** Arguments that are paths, or data. */
    private static final List<String> PATHS = List.of("source", "second", "nodes");

    /** An argument that is a path where it stands in quotes. */
    private static final String TOKENS = "tokens";

    private DataForms() {}

    /** {@return what is to be known of each form} */
    public static List<Description> descriptions() {
        return REGISTRY.descriptions();
    }

    /**
     * Whether this is data with arguments, or a name that stands for such.
     *
     * @param reference as a job file names data
     * @return if not, it is one for {@link Datasets#find}
     */
    public static boolean isForm(String reference) {
        return NAMED.containsKey(reference) || FORM.matcher(reference).matches();
    }

    /**
     * Opens what a job file names; all of it is read now.
     *
     * @param reference a form, the name of embedded data, or a path
     * @return both halves
     * @throws IllegalArgumentException with one line if it cannot be opened
     */
    public static TrainTest open(String reference) {
        boolean form =
                isForm(reference) || (CALL.matcher(reference).matches() && !Files.exists(Datasets.locate(reference)));
        return form
                ? REGISTRY.parse(NAMED.getOrDefault(reference, reference))
                : Datasets.find(reference, new TreeSet<>(NAMED.keySet()));
    }

    /**
     * The same with whole paths, so that it means the same in every folder.
     *
     * @param reference as a job file names data
     * @return with absolute paths of what is there; as it is if it is no form
     */
    public static String absolute(String reference) {
        if (NAMED.containsKey(reference) || !isForm(reference)) {
            return reference;
        }
        Spec spec = Spec.parse(reference);
        List<String> positional = new ArrayList<>(spec.positional());
        positional.replaceAll(DataForms::absoluteValue);
        Map<String, String> named = new TreeMap<>(spec.named());
        PATHS.forEach(name -> named.computeIfPresent(name, (key, value) -> absoluteValue(value)));
        named.computeIfPresent(TOKENS, (key, value) -> TextTokens.isFolder(value) ? absoluteValue(value) : value);
        return new Spec(spec.name(), positional, named).toString();
    }

    /**
     * What files or folders a reference names.
     *
     * @param reference that {@link #absolute} has been applied to, or a path
     * @return none for data that is embedded
     */
    public static List<Path> paths(String reference) {
        if (Datasets.NAMES.contains(reference) || NAMED.containsKey(reference)) {
            return List.of();
        }
        if (!isForm(reference)) {
            return List.of(Path.of(reference));
        }
        Spec spec = Spec.parse(reference);
        List<Path> found = new ArrayList<>();
        List<String> values = new ArrayList<>(spec.positional());
        values.addAll(spec.named().values());
        for (String value : values) {
            if (isForm(value)) {
                found.addAll(paths(value));
            } else if (unquoted(value).startsWith("/") || unquoted(value).contains("..")) {
                found.add(Path.of(unquoted(value)));
            }
        }
        return found;
    }

    /** Of the path of something, of a known name whose files lie somewhere, or of data in data. */
    private static String absoluteValue(String value) {
        String inside = unquoted(value);
        if (isForm(value)) {
            return absolute(value);
        }
        if (Texts.NAMES.contains(inside)
                || Texts.PAIRS.contains(inside)
                || Texts.LINES.contains(inside)
                || Datasets.NAMES.contains(inside)
                || NAMED.containsKey(inside)) {
            return value;
        }
        try {
            Path path = Datasets.locate(inside);
            char quote = inside.equals(value) ? '"' : value.charAt(0);
            return Files.exists(path)
                    ? quote + path.toAbsolutePath().normalize().toString() + quote
                    : value;
        } catch (BadDataException e) {
            return value;
        }
    }

    /** What stands in quotes, or a word without. */
    static String unquoted(String value) {
        boolean quoted = value.length() > 1 && "'\"".indexOf(value.charAt(0)) >= 0;
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
