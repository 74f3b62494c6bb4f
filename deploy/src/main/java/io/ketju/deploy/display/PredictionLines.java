package io.ketju.deploy.display;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What a model says of one sample: the most probable classes, best first, or its outputs. */
public final class PredictionLines {
    private static final int BAR = 20;

    private PredictionLines() {}

    /**
     * @param names of the classes; those without a name are shown by number
     * @param top how many to show
     */
    public static List<String> of(String title, float[] probabilities, List<String> names, int top, boolean unicode) {
        List<Integer> order = IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> -probabilities[index])
                        .thenComparing(Comparator.naturalOrder()))
                .limit(top)
                .toList();
        int width = order.stream()
                .mapToInt(index -> name(names, index).length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>(List.of(title));
        for (int index : order) {
            String name = name(names, index);
            String bar = (unicode ? "█" : "#").repeat(Math.round(probabilities[index] * BAR));
            lines.add(String.format(
                            Locale.ROOT,
                            "  %-" + Math.max(1, width) + "s  %5.1f %%  %s",
                            name,
                            probabilities[index] * 100,
                            bar)
                    .stripTrailing());
        }
        return lines;
    }

    /**
     * All outputs of one sample as they are, for a model that does not tell classes apart.
     *
     * @param names of the outputs; those without a name are shown by number
     */
    public static List<String> outputs(String title, float[] outputs, List<String> names) {
        List<String> lines = new ArrayList<>(List.of(title));
        int width = IntStream.range(0, outputs.length)
                .map(index -> name(names, index).length())
                .max()
                .orElse(1);
        String column = names.isEmpty() ? "  %" + width + "s  %s" : "  %-" + width + "s  %s";
        for (int i = 0; i < outputs.length; i++) {
            lines.add(String.format(Locale.ROOT, column, name(names, i), Float.toString(outputs[i])));
        }
        return lines;
    }

    private static String name(List<String> names, int index) {
        return index < names.size() ? names.get(index) : Integer.toString(index);
    }
}
