package io.ketju.actors.piece;

/**
 * Which piece of which file.
 *
 * @param file what tells the files of one way apart: the step of a shard, the number of a file that a stage starts from
 * @param piece counts from 0
 * @param seal whether it is the last one, a {@link FileSeal}
 */
public record PieceKey(long file, int piece, boolean seal) {}
