package io.ketju.actors.piece;

/** Looks whether the pieces of a file come one after the other. */
public final class PieceOrder {
    private final long file;
    private int next;

    /** @param file which one they must be of */
    public PieceOrder(long file) {
        this.file = file;
    }

    /** Throws with one line unless this is the piece that comes next. */
    public void require(PieceKey key) throws BrokenFileException {
        if (key.file() != file || key.piece() != next) {
            throw new BrokenFileException("expected piece " + next + " of file " + file + ", found piece " + key.piece()
                    + " of file " + key.file());
        }
        next++;
    }
}
