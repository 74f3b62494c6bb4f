package io.ketju.protocol.dataplane;

/**
 * How many more tensors may travel on one edge. Both sides keep one: the sender takes a credit per tensor it sends, the
 * receiver one per tensor it holds, and gives it back when it has let go. Pure and not thread-safe.
 */
public final class CreditWindow {
    private final int size;
    private int available;

    /** A window of this many credits, 1 or more, all of them available. */
    public CreditWindow(int size) {
        this(size, size);
    }

    /** A window of which {@code size - available} credits are already taken. */
    public CreditWindow(int size, int available) {
        if (size < 1 || available < 0 || available > size) {
            throw new IllegalArgumentException(
                    "a window has 1 or more credits, 0 to all available, got " + available + " of " + size);
        }
        this.size = size;
        this.available = available;
    }

    /** Takes one credit, or says that there is none. */
    public boolean tryTake() {
        if (available == 0) {
            return false;
        }
        available--;
        return true;
    }

    /** Gives credits back; throws {@link IllegalArgumentException} if more come back than were taken. */
    public void give(int count) {
        if (count < 1 || count > size - available) {
            throw new IllegalArgumentException(
                    count + " credits came back while " + (size - available) + " of " + size + " were taken");
        }
        available += count;
    }

    /** Credits that can be taken now. */
    public int available() {
        return available;
    }

    /** All credits, taken or not. */
    public int size() {
        return size;
    }
}
