package io.ketju.actors.standby;

import io.ketju.actors.checkpoint.DriverNote;

/** Somebody who stands by for a run and keeps a copy of its folder. */
public interface Follower {
    /** What came of a shipment. */
    sealed interface Answer {}

    /** The copy has all of it, durable. */
    record Kept() implements Answer {}

    /**
     * It does not come there, and none after it will.
     *
     * @param cause one line
     */
    record GivenUp(String cause) implements Answer {}

    /**
     * It is not known, and never will be here: it may be this process that is gone for the others. Nothing may count that was to come
     * there.
     *
     * @param cause one line
     */
    record Unknown(String cause) implements Answer {}

    /**
     * Who keeps the copy has taken the run over: nothing more of this process counts.
     *
     * @param start with which the run goes on there
     */
    record TookOver(int start) implements Answer {}

    /** {@return what people call it} */
    String name();

    /**
     * {@return what comes of a shipment} Blocks until that is known, for a limited time. One at a time.
     *
     * @param shipment that it is to have
     */
    Answer keep(Shipment shipment);

    /**
     * Tells it how this process leaves the run. Returns at once.
     *
     * @param end how it does
     */
    void ended(DriverNote.End end);
}
