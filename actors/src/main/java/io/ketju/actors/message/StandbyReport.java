package io.ketju.actors.message;

import java.net.InetSocketAddress;

/** What a process that stands by for a run says to who directs it. */
public sealed interface StandbyReport {
    /** {@return number of the way between the two} */
    long way();

    /**
     * It has the same folder.
     *
     * @param way between the two
     */
    record SharesFolder(long way) implements StandbyReport {}

    /**
     * It has another folder, and awaits parcels for it.
     *
     * @param way by which they come
     * @param data where its data plane listens
     */
    record Ready(long way, InetSocketAddress data) implements StandbyReport {}

    /**
     * It has a parcel, durable.
     *
     * @param way by which it came
     * @param parcel its number on that way, from 0
     */
    record Kept(long way, long parcel) implements StandbyReport {}

    /**
     * It cannot keep a copy, or not what came.
     *
     * @param way between the two
     * @param cause one line
     */
    record Refused(long way, String cause) implements StandbyReport {}

    /**
     * It directs the run itself.
     *
     * @param way between the two
     * @param start of the run there
     */
    record TakenOver(long way, int start) implements StandbyReport {}

    /**
     * It knows how the director leaves the run.
     *
     * @param way between the two
     */
    record EndHeard(long way) implements StandbyReport {}

    /**
     * It stands by no more.
     *
     * @param way between the two
     */
    record Left(long way) implements StandbyReport {}
}
