package io.ketju.actors.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * A committed checkpoint: a folder with a manifest.
 *
 * @param directory its folder
 * @param manifest what that consists of; whether the files are so is not said
 */
public record Checkpoint(Path directory, Manifest manifest) {
    /** {@return the optimizer step after which the state was taken; 0: before the first} */
    public long step() {
        return manifest.step();
    }

    /** {@return the files of its shards, in stage order} */
    public List<Path> files() {
        return manifest.shards().stream()
                .map(shard -> directory.resolve(shard.file()))
                .toList();
    }

    /** {@return where its manifest lies} */
    public Path manifestFile() {
        return directory.resolve(Manifest.FILE);
    }
}
