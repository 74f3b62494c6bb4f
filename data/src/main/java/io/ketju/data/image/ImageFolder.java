package io.ketju.data.image;

import io.ketju.data.BadDataException;
import io.ketju.data.TrainTest;
import io.ketju.data.archive.ArchivedFiles;
import io.ketju.data.file.Spill;
import io.ketju.tensor.ByteSize;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import io.ketju.tensor.random.CounterRandom;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Images in folders, a folder for each class: {@code photos/cat/1.jpg}, or, where train and test are apart, {@code
 * photos/train/cat/1.jpg} and {@code photos/test/dog/7.png}. The same in a {@code .zip} or {@code .tgz}. Classes are numbered by
 * name. All images become squares of one size.
 */
public final class ImageFolder {
    private static final String KINDS = "(?i).*\\.(png|jpe?g|bmp|gif)";
    private static final int MOST_CLASSES = 256;
    private static final int MOST_BYTES_OF_FILE = 1 << 28;

    /**
     * What becomes of an image.
     *
     * @param size height and width
     * @param channels 1 for grey, 3 for colour
     * @param crop whether of an image that is no square the middle is taken; else it is squeezed
     */
    public record Form(int size, int channels, boolean crop) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException unless the size is 1 to 4096 and the channels are 1 or 3
         */
        public Form {
            if (size < 1 || size > 4096 || (channels != 1 && channels != 3)) {
                throw new IllegalArgumentException(
                        "expected a size of 1 to 4096 and 1 or 3 channels, found " + size + " and " + channels);
            }
        }
    }

    /**
     * One image.
     *
     * @param number of its pixels among those of all
     */
    private record Taken(String file, String half, String label, int number) {}

    private final String source;
    private final Form form;
    private final long heapBytes;
    private final int mostBytesOfFile;
    private final List<Taken> images = new ArrayList<>();
    private final Spill pixels;

    private ImageFolder(String source, Form form, long heapBytes, int mostBytesOfFile) {
        this.source = source;
        this.form = form;
        this.heapBytes = heapBytes;
        this.mostBytesOfFile = mostBytesOfFile;
        pixels = new Spill(heapBytes);
    }

    /**
     * Reads all images once; their pixels lie on the heap if they are few, and otherwise in a temporary file, from which they
     * are read as batches want them. Where there are no folders {@code train} and {@code test}, a share of each class is drawn to
     * test with.
     *
     * @param container a folder, or an archive that {@link ArchivedFiles} reads
     * @param form what becomes of each image
     * @param testShare of each class, rounded, 0 to 1; one image at least is left to learn from
     * @param seed which images are drawn
     * @return both halves, normalised by channel with mean and deviation of the training images
     * @throws BadDataException if there are fewer than two classes, or a file is no image or larger than 256 MiB
     */
    public static TrainTest read(Path container, Form form, double testShare, long seed) {
        return read(container, form, testShare, seed, Spill.HEAP_BYTES, MOST_BYTES_OF_FILE);
    }

    /** The same with so many bytes of pixels on the heap at most, and files of so many bytes. */
    static TrainTest read(Path container, Form form, double testShare, long seed, long heapBytes, int mostBytesOfFile) {
        ImageFolder folder = new ImageFolder(container.toString(), form, heapBytes, mostBytesOfFile);
        try (Spill all = folder.pixels) {
            ArchivedFiles.each(container, folder::take);
            String name = String.valueOf(container.toAbsolutePath().normalize().getFileName());
            return folder.split(name, all.finish(), testShare, seed);
        }
    }

    private void take(String name, InputStream content) throws java.io.IOException {
        String[] parts = name.split("/", -1);
        if (parts.length < 2 || name.contains("/.") || name.startsWith(".") || name.startsWith("__MACOSX/")) {
            return;
        }
        String label = parts[parts.length - 2];
        String above = parts.length > 2 ? parts[parts.length - 3] : "";
        String half = switch (above) {
            case "train" -> "train";
            case "test", "val", "valid" -> "test";
            default -> "";
        };
        if (!name.matches(KINDS)) {
            throw BadDataException.of(
                    source + "!" + Excerpt.of(name), "PNG, JPEG, BMP or GIF images alone", "a file of another name");
        }
        String where = source + "!" + Excerpt.of(name);
        byte[] file = content.readNBytes(mostBytesOfFile + 1);
        if (file.length > mostBytesOfFile) {
            throw BadDataException.of(where, "an image of at most " + ByteSize.text(mostBytesOfFile), "a larger file");
        }
        RasterImage image = RasterImage.of(ImageFile.decode(file, where), form.channels());
        pixels.write(image.square(form.size(), form.crop() ? RasterImage.Fit.CROP : RasterImage.Fit.STRETCH)
                .values());
        images.add(new Taken(name, half, label, images.size()));
    }

    private TrainTest split(String name, MemorySegment all, double testShare, long seed) {
        List<String> classes =
                new ArrayList<>(new TreeSet<>(images.stream().map(Taken::label).toList()));
        if (classes.size() < 2 || classes.size() > MOST_CLASSES) {
            throw BadDataException.of(
                    source,
                    "2 to " + MOST_CLASSES + " folders of images, one for each class",
                    classes.isEmpty()
                            ? "none"
                            : classes.size() == 1
                                    ? "only '" + Excerpt.of(classes.getFirst()) + "'"
                                    : "" + classes.size());
        }
        long named = images.stream().filter(image -> !image.half().isEmpty()).count();
        if (named > 0 && named < images.size()) {
            Taken other = images.stream()
                    .filter(image -> image.half().isEmpty())
                    .findFirst()
                    .orElseThrow();
            throw BadDataException.of(
                    source, "all images in train or test", Excerpt.of(other.file()) + " in neither of them");
        }
        List<Taken> train = new ArrayList<>();
        List<Taken> test = new ArrayList<>();
        for (String label : classes) {
            List<Taken> own =
                    images.stream().filter(image -> image.label().equals(label)).toList();
            if (named > 0) {
                own.forEach(image -> (image.half().equals("test") ? test : train).add(image));
            } else {
                draw(own, testShare, CounterRandom.of(seed, "split").stream(label), train, test);
            }
        }
        requireBoth(train, test, classes, named > 0);
        Pixels learnt = pixels(train, all);
        Normalization normalization = Normalization.byChannel(learnt);
        return new TrainTest(
                new ImageDataset(name + "/train", learnt, labels(train, classes), normalization),
                new ImageDataset(name + "/test", pixels(test, all), labels(test, classes), normalization));
    }

    private void requireBoth(List<Taken> train, List<Taken> test, List<String> classes, boolean named) {
        for (String label : classes) {
            if (train.stream().noneMatch(image -> image.label().equals(label))) {
                throw BadDataException.of(
                        source,
                        "at least 1 image of '" + Excerpt.of(label) + "' to learn from",
                        named ? "one in test alone" : "none");
            }
        }
        if (test.isEmpty()) {
            throw BadDataException.of(source, "at least 1 image to test with", "none");
        }
    }

    /** A share of one class, rounded; at least one image is left to learn from. */
    private static void draw(List<Taken> own, double share, CounterRandom random, List<Taken> train, List<Taken> test) {
        int tested = Math.min(own.size() - 1, (int) Math.round(own.size() * share));
        int[] order = random.permutation(own.size());
        int[] first = Arrays.copyOf(order, tested);
        Arrays.sort(first);
        for (int i = 0; i < own.size(); i++) {
            (Arrays.binarySearch(first, i) >= 0 ? test : train).add(own.get(i));
        }
    }

    private Pixels pixels(List<Taken> of, MemorySegment all) {
        Shape shape = Shape.of(form.channels(), form.size(), form.size());
        try (Spill own = new Spill(heapBytes)) {
            for (Taken image : of) {
                long from = (long) image.number() * shape.elements();
                own.write(all.asSlice(from, shape.elements()).toArray(ValueLayout.JAVA_BYTE));
            }
            return new Pixels(own.finish(), of.size(), shape, 255);
        }
    }

    private static Labels labels(List<Taken> of, List<String> classes) {
        byte[] labels = new byte[of.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) classes.indexOf(of.get(i).label());
        }
        return new Labels(labels, 0, labels.length, classes.size(), classes);
    }
}
