package io.ketju.records.tensorboard;

import io.ketju.data.image.ImageFile;
import io.ketju.layers.loss.ConfusionMatrix;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A picture for TensorBoard. */
@SuppressWarnings("ArrayRecordComponent") // made once, never compared
record Picture(int width, int height, byte[] png) {
    /** About the width of a picture. */
    private static final int WIDTH = 400;

    private static final Color NONE = new Color(0xf7, 0xfb, 0xff);
    private static final Color ALL = new Color(0x08, 0x30, 0x6b);

    /** A row for each true class, a column for each class that was told; the darker, the larger its share of the row. */
    static Picture of(ConfusionMatrix table) {
        int classes = table.classes();
        int cell = Math.max(1, WIDTH / classes);
        BufferedImage image = new BufferedImage(classes * cell, classes * cell, BufferedImage.TYPE_INT_RGB);
        for (int real = 0; real < classes; real++) {
            double row = 0;
            for (int told = 0; told < classes; told++) {
                row += table.count(real, told);
            }
            for (int told = 0; told < classes; told++) {
                int colour = shade(row == 0 ? 0 : table.count(real, told) / row).getRGB();
                for (int y = 0; y < cell; y++) {
                    for (int x = 0; x < cell; x++) {
                        image.setRGB(told * cell + x, real * cell + y, colour);
                    }
                }
            }
        }
        return of(image);
    }

    static Picture of(BufferedImage image) {
        try {
            return new Picture(image.getWidth(), image.getHeight(), ImageFile.png(image));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
    }

    private static Color shade(double share) {
        return new Color(
                between(NONE.getRed(), ALL.getRed(), share),
                between(NONE.getGreen(), ALL.getGreen(), share),
                between(NONE.getBlue(), ALL.getBlue(), share));
    }

    private static int between(int from, int to, double share) {
        return (int) Math.round(from + (to - from) * share);
    }
}
