package io.ketju.cluster.node;

/** One who stands by for a run, as its driver knows it. Used by one actor. */
final class FoundStandby {
    /** How far it has come. */
    enum State {
        /** Nothing is known of it yet. */
        ASKED,
        /** It has the run's own folder. */
        SHARES,
        /** It is sent what the folder has. */
        JOINING,
        /** It is sent every checkpoint. */
        FOLLOWS
    }

    final RemoteFollower follower;
    State state = State.ASKED;

    /** Why it has no copy, as it was told last; empty: that was not told. */
    private String told = "";

    FoundStandby(RemoteFollower follower) {
        this.follower = follower;
    }

    /** Whether it has a copy of the folder, or is about to. */
    boolean copies() {
        return state == State.JOINING || state == State.FOLLOWS;
    }

    /** Takes note of why it has no copy; whether that is to be told, as it is not what was told last. */
    boolean tellsAnew(String cause) {
        boolean anew = !told.equals(cause);
        told = cause;
        return anew;
    }
}
