package io.ketju.actors.piece;

/** Looks whether the pieces of a file come one after the other. */
public final class PieceOrder {
    private final long file;
    private int next;

    /**
     * One that expects piece 0.
     *
     * @param file which one all pieces must be of
     */
    public PieceOrder(long file) {
        this.file = file;
    }

    /**
     * Goes on by one piece.
     *
     * @param key of the piece that has come
     * @throws BrokenFileException with one line unless it is the one that comes next
     */
    public void require(PieceKey key) throws BrokenFileException {
        if (key.file() != file || key.piece() != next) {
            throw new BrokenFileException("expected piece " + next + " of file " + file + ", found piece " + key.piece()
                    + " of file " + key.file());
        }
        next++;
    }
}
