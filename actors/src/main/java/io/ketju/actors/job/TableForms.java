package io.ketju.actors.job;

import io.ketju.data.TrainTest;
import io.ketju.data.table.TableChoice;
import io.ketju.data.table.TableRules;
import io.ketju.data.table.Tables;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Tables as data of a job file. */
final class TableForms {
    static final Entry<TrainTest> TABLE = Description.of("table", "Columns of a CSV or TSV file, a sample in each row")
            .required("source", "the path in quotes of a .csv or .tsv, or of one of these with .gz")
            .required("targets", "columns that are to be learnt, of numbers, or one of words, which are classes")
            .derived("features", "all others", "columns that they are learnt from")
            .named("test", 0.2, "share of the rows that is tested with")
            .named("seed", 0, "which rows those are")
            .named(
                    "scaling",
                    "standard",
                    "what numbers become: standard (mean 0, deviation 1), center (mean 0), minmax (0 to 1), none; by the"
                            + " training rows")
            .named(
                    "missing",
                    "refuse",
                    "what becomes of a missing value: refuse, drop (its row is left out), fill (the mean of a number, none"
                            + " of the words)")
            .namedDerived(
                    "missing_words",
                    "NA, NaN, null, ?, ...",
                    "what stands for a missing value beside nothing at all, where they are not refused")
            .namedDerived("numbers", "by their fields", "columns that have to be of numbers")
            .namedDerived("words", "by their fields", "columns of words though they look like numbers: postal codes")
            .namedDerived("delimiter", "comma, of a .tsv tab", "semicolon, comma, tab, bar or space")
            .shapes("input [features], a number for each column of numbers, one for each word of a column of words")
            .use("tables with gaps, codes, another scaling or another split than the keys targets and features give")
            .readBy(TableForms::table);

    private TableForms() {}

    private static TrainTest table(Arguments arguments) {
        TableChoice choice =
                said(arguments, () -> new TableChoice(names(arguments, "targets"), names(arguments, "features")));
        TableRules.Missing missing = one(TableRules.Missing.values(), arguments, "missing");
        boolean refuses = missing == TableRules.Missing.REFUSE;
        if (refuses && arguments.text("missing_words").isPresent()) {
            throw new IllegalArgumentException(
                    "table: argument 'missing_words': expected missing=drop or missing=fill beside it, found refuse");
        }
        List<String> missingWords = arguments.text("missing_words").isPresent()
                ? names(arguments, "missing_words")
                : TableRules.USUAL_MISSING;
        TableRules rules = said(
                arguments,
                () -> new TableRules(
                        missing,
                        refuses ? List.of() : missingWords,
                        one(TableRules.Scaling.values(), arguments, "scaling"),
                        names(arguments, "numbers"),
                        names(arguments, "words"),
                        new TableRules.Split(
                                TextForms.testShare(arguments),
                                TextForms.within(arguments, "seed", 0, Integer.MAX_VALUE)),
                        delimiter(arguments)));
        return Tables.open(ImageForms.path(DataForms.unquoted(arguments.word("source"))), choice, rules);
    }

    private static List<String> names(Arguments arguments, String name) {
        return arguments.text(name).isEmpty()
                ? List.of()
                : arguments.parts(name).stream().map(DataForms::unquoted).toList();
    }

    private static <E extends Enum<E>> E one(E[] values, Arguments arguments, String name) {
        String[] known = Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        return values[List.of(known).indexOf(arguments.word(name, known))];
    }

    private static char delimiter(Arguments arguments) {
        if (arguments.text("delimiter").isEmpty()) {
            return ',';
        }
        return switch (arguments.word("delimiter", "semicolon", "comma", "tab", "bar", "space")) {
            case "semicolon" -> ';';
            case "tab" -> '\t';
            case "bar" -> '|';
            case "space" -> ' ';
            default -> ',';
        };
    }

    /** Runs what says in an {@link IllegalArgumentException} what is wrong; its line gets the name in front. */
    private static <T> T said(Arguments arguments, Supplier<T> body) {
        try {
            return body.get();
        } catch (IllegalArgumentException e) {
            String line = String.valueOf(e.getMessage());
            String name = arguments.spec().name();
            throw line.startsWith(name) ? e : new IllegalArgumentException(name + ": " + line, e);
        }
    }
}
