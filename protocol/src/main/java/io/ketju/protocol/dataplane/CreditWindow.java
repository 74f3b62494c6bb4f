package io.ketju.protocol.dataplane;

/**
 * How many more tensors may travel on one edge. Both sides keep one: the sender takes a credit per tensor it sends, the
 * receiver one per tensor it holds, and gives it back when it has let go. Pure and not thread-safe.
 */
public final class CreditWindow {
    private final int size;
    private int available;

    /**
     * A window with all its credits.
     *
     * @param size credits in all, 1 or more
     * @throws IllegalArgumentException if there are none
     */
    public CreditWindow(int size) {
        this(size, size);
    }

    /**
     * A window of which {@code size - available} credits are already taken.
     *
     * @param size credits in all, 1 or more
     * @param available those that can be taken now, 0 to all
     * @throws IllegalArgumentException if one is out of its range
     */
    public CreditWindow(int size, int available) {
        if (size < 1 || available < 0 || available > size) {
            throw new IllegalArgumentException(
                    "a window has 1 or more credits, 0 to all available, got " + available + " of " + size);
        }
        this.size = size;
        this.available = available;
    }

    /**
     * Takes one credit, if there is one.
     *
     * @return whether there was
     */
    public boolean tryTake() {
        if (available == 0) {
            return false;
        }
        available--;
        return true;
    }

    /**
     * Gives credits back.
     *
     * @param count 1 or more
     * @throws IllegalArgumentException if it is less, or more than were taken
     */
    public void give(int count) {
        if (count < 1 || count > size - available) {
            throw new IllegalArgumentException(
                    count + " credits came back while " + (size - available) + " of " + size + " were taken");
        }
        available += count;
    }

    /** {@return the credits that can be taken now} */
    public int available() {
        return available;
    }

    /** {@return all credits, taken or not} */
    public int size() {
        return size;
    }
}
