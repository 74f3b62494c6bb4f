package io.ketju.data.idx;

import io.ketju.data.BadDataException;
import io.ketju.data.TrainTest;
import io.ketju.data.image.ImageDataset;
import io.ketju.data.image.KnownImages;
import io.ketju.data.image.Labels;
import io.ketju.data.image.Normalization;
import io.ketju.data.image.Pixels;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes datasets of the four parts, which fit each other: {@link IdxParts} has seen to it. */
public final class IdxImages {
    private static final int MAXIMUM = 255;

    private final Map<IdxPart, IdxArray> parts;

    private IdxImages(Map<IdxPart, IdxArray> parts) {
        this.parts = parts;
    }

    /**
     * The datasets {@code name/train} and {@code name/test}. Parts whose hashes are those of a known set take its
     * name, class names and normalisation; others are normalised by the mean and deviation of their training pixels
     * and have as many classes as the largest training label says.
     *
     * @param name for parts that are not known
     * @param parts all four
     * @return images [1, height, width] of both halves
     * @throws BadDataException if a label is none of the classes
     */
    public static TrainTest of(String name, Map<IdxPart, IdxArray> parts) {
        List<String> hashes =
                Stream.of(IdxPart.values()).map(part -> get(parts, part).md5()).toList();
        Optional<KnownImages> known = KnownImages.byMd5(hashes);
        return known.isPresent() ? of(known.get(), parts) : new IdxImages(parts).unknown(name);
    }

    /**
     * Makes the datasets of parts that are known to be of some kind, for instance the first part of it.
     *
     * @param known gives name, class names and normalisation; hashes are not compared
     * @param parts all four
     * @return images [1, height, width] of both halves
     * @throws BadDataException if a label is none of the classes
     */
    public static TrainTest of(KnownImages known, Map<IdxPart, IdxArray> parts) {
        return new IdxImages(parts).build(known.title(), known.classNames(), known.normalization());
    }

    private TrainTest unknown(String name) {
        return build(name, List.of(), Normalization.of(pixels(IdxPart.TRAIN_IMAGES)));
    }

    private TrainTest build(String name, List<String> classNames, Normalization normalization) {
        Pixels train = pixels(IdxPart.TRAIN_IMAGES);
        Pixels test = pixels(IdxPart.TEST_IMAGES);
        int classes = classNames.isEmpty() ? largestTrainLabel() + 1 : classNames.size();
        Labels trainLabels = labels(IdxPart.TRAIN_LABELS, classes, classNames);
        Labels testLabels = labels(IdxPart.TEST_LABELS, classes, classNames);
        return new TrainTest(
                new ImageDataset(name + "/train", train, trainLabels, normalization),
                new ImageDataset(name + "/test", test, testLabels, normalization));
    }

    private Pixels pixels(IdxPart part) {
        IdxArray array = get(parts, part);
        int[] dimensions = array.dimensions();
        Shape shape = Shape.of(1, dimensions[1], dimensions[2]);
        return new Pixels(array.memory(), dimensions[0], shape, MAXIMUM);
    }

    private int largestTrainLabel() {
        int largest = 0;
        for (byte label : get(parts, IdxPart.TRAIN_LABELS).toBytes()) {
            largest = Math.max(largest, label & 0xFF);
        }
        return largest;
    }

    private Labels labels(IdxPart part, int classes, List<String> classNames) {
        IdxArray array = get(parts, part);
        byte[] bytes = array.toBytes();
        for (int i = 0; i < bytes.length; i++) {
            if ((bytes[i] & 0xFF) >= classes) {
                throw BadDataException.atByte(
                        array.source(),
                        array.headerBytes() + i,
                        "a label from 0 to " + (classes - 1),
                        "" + (bytes[i] & 0xFF));
            }
        }
        return new Labels(bytes, 0, bytes.length, classes, classNames);
    }

    private static IdxArray get(Map<IdxPart, IdxArray> parts, IdxPart part) {
        IdxArray array = parts.get(part);
        if (array == null) {
            throw new IllegalArgumentException("no " + part + " among " + Arrays.toString(IdxPart.values()));
        }
        return array;
    }
}
