package io.ketju.actors.checkpoint;

import io.ketju.actors.job.BestEpoch;
import io.ketju.data.file.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes checkpoints that a newer one makes needless. That one is committed whatever happens here: what cannot be read
 * or removed stays where it is, and the log says so, once.
 */
final class OldCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(OldCheckpoints.class);

    private final Path root;
    private final int most;
    private final Set<Path> told = new HashSet<>();

    /** @param most checkpoints that are kept, at least 1: the newest always is */
    OldCheckpoints(Path root, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("expected at least 1 checkpoint to be kept, found " + most);
        }
        this.root = root;
        this.most = most;
    }

    /**
     * The checkpoint of this step was committed and read back. What one that is kept names as the run's best is kept too. Never
     * throws.
     */
    void removeAfter(long step) {
        int kept = 0;
        Set<Long> best = new HashSet<>();
        for (Path folder : folders()) {
            try {
                // What is of a later step was refused when the run was resumed: it counts for nothing.
                Manifest manifest = CheckpointReader.manifest(folder);
                if (manifest.step() > step) {
                    continue;
                }
                if (kept < most) {
                    kept++;
                    BestEpoch.in(manifest.progress()).ifPresent(named -> best.add(named.step()));
                    UnfinishedFiles.removeFromCheckpoint(folder);
                } else if (!best.contains(manifest.step())) {
                    remove(folder);
                }
            } catch (IOException | RuntimeException e) {
                tell(folder, e);
            }
        }
    }

    private List<Path> folders() {
        try {
            return CheckpointReader.folders(root);
        } catch (IOException | RuntimeException e) {
            tell(root, e);
            return List.of();
        }
    }

    /** The manifest goes first, so that a crash in between leaves no checkpoint that lacks a shard. */
    private static void remove(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(Manifest.FILE));
        DurableFile.syncFolder(folder);
        List<Path> rest;
        try (Stream<Path> files = Files.list(folder)) {
            rest = files.toList();
        }
        for (Path file : rest) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    private void tell(Path folder, Exception e) {
        if (told.add(folder)) {
            LOG.warn("{} is left where it is: {}", folder, e.toString());
        }
    }
}
