package io.ketju.tensor;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes of memory as people write them: {@code 512MiB}. */
public final class ByteSize {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s*([KMGT]i?B|B)", Pattern.CASE_INSENSITIVE);

    /** By the lower-case name, the largest of each kind last. */
    private static final SequencedMap<String, Long> UNITS = new LinkedHashMap<>(Map.of("b", 1L));

    static {
        long binary = 1;
        long decimal = 1;
        for (String prefix : new String[] {"k", "m", "g", "t"}) {
            binary *= 1024;
            decimal *= 1000;
            UNITS.put(prefix + "ib", binary);
            UNITS.put(prefix + "b", decimal);
        }
    }

    private ByteSize() {}

    /**
     * Reads {@code 512MiB}, {@code 1.5 GiB}, {@code 2GB} (of 1000s) or {@code 4096B}; the case of the letters does not matter.
     *
     * @param text a number of at most 15 digits and 6 decimals, and its unit
     * @return bytes, at least 1, rounded down
     * @throws IllegalArgumentException quoting the text if it is anything else, 0 or beyond {@link Long#MAX_VALUE}
     */
    public static long parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (matcher.matches()) {
            long unit = Objects.requireNonNull(UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)));
            BigDecimal bytes = new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .setScale(0, RoundingMode.DOWN);
            if (bytes.signum() > 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0) {
                return bytes.longValueExact();
            }
        }
        throw new IllegalArgumentException(
                "expected a size of memory such as 512MiB, found \"" + Excerpt.of(text) + '"');
    }

    /**
     * {@return what {@link #parse} reads back, in the largest unit of 1024s of which it is a whole number: {@code 512MiB}}
     *
     * @param bytes at least 1, as {@link #parse} takes no 0
     */
    public static String text(long bytes) {
        String[] names = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        long number = bytes;
        while (unit < names.length - 1 && number != 0 && number % 1024 == 0) {
            number /= 1024;
            unit++;
        }
        return number + names[unit];
    }
}
