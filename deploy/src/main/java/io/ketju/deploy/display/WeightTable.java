package io.ketju.deploy.display;

import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.data.safetensors.ValueRange;
import io.ketju.records.text.Units;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** The tensors of safetensors files, a line each. */
public final class WeightTable {
    private static final String NOTHING = "-";

    private final List<List<String>> rows = new ArrayList<>();
    private long elements;
    private long bytes;
    private long notNumbers;

    private WeightTable() {
        rows.add(List.of("tensor", "type", "shape", "min", "max", "mean", "NaN"));
    }

    /**
     * Reads all values of some tensors. Throws {@link io.ketju.data.BadDataException} if a file cannot be read.
     *
     * @param names which
     */
    public static WeightTable of(List<Path> files, Predicate<String> names) {
        WeightTable table = new WeightTable();
        for (Path file : files) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
                for (TensorEntry entry : reader.entries()) {
                    if (names.test(entry.name())) {
                        table.add(entry, reader.range(entry.name()));
                    }
                }
            }
        }
        return table;
    }

    private void add(TensorEntry entry, Optional<ValueRange> range) {
        elements += entry.shape().elements();
        bytes += entry.end() - entry.begin();
        notNumbers += range.map(ValueRange::notNumbers).orElse(0L);
        rows.add(List.of(
                Excerpt.ofPath(entry.name()), // whole, because people copy it
                entry.type().name(),
                entry.shape().toString(),
                range.map(values -> number(values.min())).orElse(NOTHING),
                range.map(values -> number(values.max())).orElse(NOTHING),
                range.map(values -> number(values.mean())).orElse(NOTHING),
                range.map(values -> Units.count(values.notNumbers())).orElse(NOTHING)));
    }

    /** Whether there is no tensor of the names. */
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The table, and a line with the sums. */
    public List<String> lines(Terminal terminal) {
        List<String> lines = new ArrayList<>(new Table(rows).lines(terminal.columns(), 0, terminal.unicode()));
        int tensors = rows.size() - 1;
        lines.add("");
        lines.add(Plural.of(tensors, "tensor") + ", " + Units.count(elements) + " " + Plural.word(elements, "value")
                + ", " + Units.bytes(bytes) + (notNumbers == 0 ? "" : ", " + Units.count(notNumbers) + " NaN"));
        return lines;
    }

    /** {@code -0.08217}, {@code 1.2e-09}; whole numbers as they are. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return NOTHING;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return Long.toString((long) value);
        }
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
