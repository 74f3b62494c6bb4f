package io.ketju.actors.checkpoint;

import java.nio.file.Path;

/** A committed checkpoint: a folder with a manifest. */
public record Checkpoint(Path directory, Manifest manifest) {
    public long step() {
        return manifest.step();
    }

    /** Where its manifest lies. */
    public Path manifestFile() {
        return directory.resolve(Manifest.FILE);
    }
}
