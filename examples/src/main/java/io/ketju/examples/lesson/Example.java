package io.ketju.examples.lesson;

/**
 * One example: it prints the same lines at every run, so times and paths are none of them, and leaves pictures in the
 * lesson's folder. Without {@code --full} it needs no file and no network.
 */
public interface Example {
    /** What is typed, and the name of its folder under {@code examples/}. */
    String name();

    /** The question that it answers, in a line. */
    String question();

    /** What {@code --full} adds, in a few words; empty if it adds nothing. */
    default String full() {
        return "";
    }

    /** Whether it takes a few seconds at most, so that every build repeats its page. */
    default boolean quick() {
        return true;
    }

    /** Runs it from beginning to end. */
    void run(Lesson lesson);
}
