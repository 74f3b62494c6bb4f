package io.ketju.browser;

import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * A page as it looks, to be asked for what it shows: not whether pixels are those of another picture.
 */
public final class Screenshot {
    /** Sum of the differences of three channels within which a pixel has a colour. */
    private static final int NEAR = 60;

    /** A box of the page, in pixels. */
    public record Box(int left, int top, int right, int bottom) {
        /** @param sides left, top, right, bottom, as a page gives them */
        public static Box of(List<?> sides) {
            return new Box(pixel(sides, 0), pixel(sides, 1), pixel(sides, 2), pixel(sides, 3));
        }

        private static int pixel(List<?> sides, int index) {
            return (int) Math.round((double) sides.get(index));
        }

        public int pixels() {
            return (right - left) * (bottom - top);
        }

        public Box wider(int by) {
            return new Box(Math.max(0, left - by), Math.max(0, top - by), right + by, bottom + by);
        }
    }

    private final BufferedImage image;
    private final byte[] png;

    /** @param png the same as a file, which stays as it is */
    Screenshot(BufferedImage image, byte[] png) {
        this.image = image;
        this.png = png;
    }

    public BufferedImage image() {
        return image;
    }

    public byte[] png() {
        return png;
    }

    private static int channel(int rgb, int index) {
        return (rgb >> (8 * index)) & 0xff;
    }

    private static boolean near(int a, int b) {
        return IntStream.range(0, 3)
                        .map(i -> Math.abs(channel(a, i) - channel(b, i)))
                        .sum()
                <= NEAR;
    }

    /** Pixels of a box that have a colour. */
    public long count(Box box, int rgb) {
        long all = 0;
        for (int x = box.left(); x < Math.min(image.getWidth(), box.right()); x++) {
            all += IntStream.of(rows(box, x, rgb)).count();
        }
        return all;
    }

    private int[] rows(Box box, int x, int rgb) {
        return IntStream.range(box.top(), Math.min(image.getHeight(), box.bottom()))
                .filter(y -> near(image.getRGB(x, y), rgb))
                .toArray();
    }

    /** How far below the top of a box pixels of a colour are, on average, between two parts of its width; empty: none are. */
    public OptionalDouble depth(Box box, int rgb, double fromShare, double toShare) {
        int width = box.right() - box.left();
        return IntStream.range((int) (box.left() + fromShare * width), (int) (box.left() + toShare * width))
                .flatMap(x -> IntStream.of(rows(box, x, rgb)))
                .map(y -> y - box.top())
                .average();
    }

    /** The colour that most pixels of a box have. */
    public int most(Box box) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int x = box.left(); x < Math.min(image.getWidth(), box.right()); x++) {
            for (int y = box.top(); y < Math.min(image.getHeight(), box.bottom()); y++) {
                counts.merge(image.getRGB(x, y) & 0xffffff, 1, Integer::sum);
            }
        }
        return Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
    }
}
