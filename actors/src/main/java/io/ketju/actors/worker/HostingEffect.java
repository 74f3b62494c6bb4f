package io.ketju.actors.worker;

/** What a worker wants done, in this order. */
sealed interface HostingEffect {
    /** About the placement that it holds. */
    sealed interface OfHeld extends HostingEffect {}

    /** Say to this placement's coordinator why nothing of it can be held here. */
    record Refuse(int placement, String cause) implements HostingEffect {}

    /** Build the stages of this placement; what came of it is an event, and everybody is told. */
    record Build(int placement) implements HostingEffect {}

    /** Open the ways to all neighbours. */
    record OpenLinks() implements OfHeld {}

    /** The ways are open: say so. */
    record ReportConnected() implements OfHeld {}

    /** A way could not be opened: say why. */
    record ReportUnconnected(String cause) implements OfHeld {}

    /** The worker is about to go: say so, that the stages find another place. */
    record ReportLeaving() implements OfHeld {}

    /** A rank's actor died of an error that it could not report: say so. */
    record ReportDied(int rank) implements OfHeld {}

    /** The feeder's actor has ended, in order or not: say so. */
    record ReportFeederEnded() implements OfHeld {}

    /** Have the feeder send nothing any more, and end. */
    record StopFeeder() implements OfHeld {}

    /** Take no tensor from other JVMs any more, and take no connection that closes for a loss. */
    record RefuseArrivals() implements OfHeld {}

    /** Have a rank let go. */
    record ReleaseRank(int rank, String reason) implements OfHeld {}

    /** End the actors of the ranks and free their memory. */
    record Free() implements OfHeld {}

    /** Nothing of the run is left here: say so. */
    record ReportReleased(String reason) implements OfHeld {}

    /** End the worker. */
    record Leave() implements HostingEffect {}
}
