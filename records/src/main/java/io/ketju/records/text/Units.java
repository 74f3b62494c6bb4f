package io.ketju.records.text;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
public final class Units {
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Units() {}

    /**
     * A count.
     *
     * @param value of things
     * @return {@code 61,706}
     */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * A rate; small ones keep a digit.
     *
     * @param perSecond things in a second
     * @return {@code 4,210}, {@code 3.4}
     */
    public static String rate(double perSecond) {
        return perSecond < 100 ? fixed(perSecond, 1) : count(Math.round(perSecond));
    }

    /**
     * A share in percent.
     *
     * @param share 0 to 1
     * @return {@code 88.2 %}
     */
    public static String percent(double share) {
        return fixed(share * 100, 1) + " %";
    }

    /**
     * A loss, or another number that is no share.
     *
     * @param loss any
     * @return {@code 0.3124}
     */
    public static String loss(double loss) {
        return fixed(loss, 4);
    }

    /**
     * An amount of memory.
     *
     * @param bytes how many
     * @return {@code 640 B}, {@code 241.0 KiB}
     */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < BINARY.length - 1) {
            value /= 1024;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : fixed(value, 1)) + " " + BINARY[unit];
    }

    /**
     * A time, the coarser the longer.
     *
     * @param duration not negative
     * @return {@code 0.42 s}, {@code 48.1 s}, {@code 2 min 05 s}, {@code 3 h 07 min}
     */
    public static String duration(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 9.995) {
            return fixed(seconds, 2) + " s";
        }
        if (seconds < 99.95) {
            return fixed(seconds, 1) + " s";
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }

    /**
     * A time for a clock that counts down.
     *
     * @param duration what is left; less than nothing is nothing
     * @return {@code 0:41}, {@code 1:02:03}
     */
    public static String clock(Duration duration) {
        long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds % 3600 / 60, seconds % 60);
    }

    private static String fixed(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
