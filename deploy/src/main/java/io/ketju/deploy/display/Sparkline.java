package io.ketju.deploy.display;

import java.util.List;

/** A curve in a line of text: a block for each number, higher for more (Tufte 2006, sparklines). */
public final class Sparkline {
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /**
     * At most {@code most} blocks, each the mean of its share of the numbers; a blank where a number is none. Nothing of a
     * single number: it has no course.
     */
    public static String of(List<Double> numbers, int most) {
        if (numbers.size() < 2) {
            return "";
        }
        int blocks = Math.min(most, numbers.size());
        double[] means = new double[blocks];
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int block = 0; block < blocks; block++) {
            int from = block * numbers.size() / blocks;
            int to = (block + 1) * numbers.size() / blocks;
            means[block] = numbers.subList(from, to).stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
            if (Double.isFinite(means[block])) {
                least = Math.min(least, means[block]);
                greatest = Math.max(greatest, means[block]);
            }
        }
        StringBuilder line = new StringBuilder();
        for (double mean : means) {
            line.append(Double.isFinite(mean) ? block(mean, least, greatest) : ' ');
        }
        return line.toString();
    }

    private static char block(double value, double least, double greatest) {
        int last = BLOCKS.length() - 1;
        return BLOCKS.charAt(greatest > least ? (int) Math.round((value - least) / (greatest - least) * last) : 0);
    }
}
