package io.ketju.tests;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Images of the size of CIFAR-10's, which do not come with Ketju: noise, in a folder for each of ten classes. */
final class MadeUpImages {
    private static final int CLASSES = 10;
    private static final int EACH = 32;
    private static final int SIZE = 32;
    private static final long SEED = 43;

    private MadeUpImages() {}

    /** A folder below the module's own {@code target}. */
    static Path folder() {
        Path folder = Path.of("target", "made-up-images");
        SplittableRandom random = new SplittableRandom(SEED);
        try {
            for (int label = 0; label < CLASSES; label++) {
                Path images = Files.createDirectories(folder.resolve("class-" + label));
                for (int i = 0; i < EACH; i++) {
                    ImageIO.write(
                            noise(random),
                            "png",
                            images.resolve("image-" + i + ".png").toFile());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static BufferedImage noise(SplittableRandom random) {
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                image.setRGB(x, y, random.nextInt() & 0xffffff);
            }
        }
        return image;
    }
}
