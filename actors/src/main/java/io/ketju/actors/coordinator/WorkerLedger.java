package io.ketju.actors.coordinator;

import java.util.BitSet;

/** What the workers of a run have answered to the request before, and which of them hold stages. */
final class WorkerLedger {
    private final int workers;
    private final BitSet answered = new BitSet();
    /** Workers that hold stages, from their answer on. */
    private final BitSet holding = new BitSet();
    /** Workers that hold nothing and will not answer: they refused, or are gone. */
    private final BitSet absent = new BitSet();

    WorkerLedger(int workers) {
        this.workers = workers;
    }

    /** All are asked for something: no answer to it is there. */
    void asked() {
        answered.clear();
    }

    /** Notes an answer; says whether it was the last. Then the next request may begin. */
    boolean answered(int worker) {
        answered.set(worker);
        boolean all = answered.cardinality() == workers;
        if (all) {
            answered.clear();
        }
        return all;
    }

    void holds(int worker) {
        holding.set(worker);
    }

    /** A worker could not do what it was asked for; if it holds stages, it will still let go of them. */
    void refused(int worker) {
        absent.set(worker, worker + 1, !holding.get(worker));
    }

    void gone(int worker) {
        absent.set(worker);
    }

    void released(int worker) {
        answered.set(worker);
    }

    /** Whether none of them holds stages any more. */
    boolean allReleased() {
        answered.or(absent);
        return answered.cardinality() == workers;
    }

    /** Those whose answer is not there. */
    String missing() {
        BitSet missing = new BitSet();
        missing.set(0, workers);
        missing.andNot(answered);
        return missing.toString();
    }
}
