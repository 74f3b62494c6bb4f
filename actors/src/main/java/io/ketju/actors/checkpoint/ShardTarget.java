package io.ketju.actors.checkpoint;

import io.ketju.actors.piece.PieceLink;
import java.nio.file.Path;

/** Where a stage's file of a checkpoint goes. */
public sealed interface ShardTarget {
    /**
     * Into the checkpoint's folder, which is one of this JVM's file systems.
     *
     * @param directory that folder; need not be there yet
     */
    record Folder(Path directory) implements ShardTarget {}

    /**
     * To whoever has the run's folder, in another JVM.
     *
     * @param way open; the stage's rank closes it
     */
    record Elsewhere(PieceLink way) implements ShardTarget {}
}
