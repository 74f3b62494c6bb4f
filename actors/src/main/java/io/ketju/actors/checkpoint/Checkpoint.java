package io.ketju.actors.checkpoint;

import java.nio.file.Path;
import java.util.List;

/** A committed checkpoint: a folder with a manifest. */
public record Checkpoint(Path directory, Manifest manifest) {
    public long step() {
        return manifest.step();
    }

    /** The files of its shards, in stage order. */
    public List<Path> files() {
        return manifest.shards().stream()
                .map(shard -> directory.resolve(shard.file()))
                .toList();
    }

    /** Where its manifest lies. */
    public Path manifestFile() {
        return directory.resolve(Manifest.FILE);
    }
}
