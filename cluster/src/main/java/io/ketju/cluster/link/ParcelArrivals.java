package io.ketju.cluster.link;

import io.ketju.actors.piece.PieceQueue;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.frame.EdgeId;

/** The receiving end of the way by which parcels come for a copy of a run's folder. */
public final class ParcelArrivals implements AutoCloseable {
    private final PieceQueue queue = new PieceQueue();
    private final ArrivalEdge arrival;

    ParcelArrivals(DataPlane plane, long way) {
        EdgeId edge = EdgePlan.parcels(way);
        this.arrival = ArrivalEdge.ofFiles(edge, 0, queue, plane);
        plane.accept(edge, arrival);
    }

    /** {@return what comes; whoever polls it closes the leases} */
    public PieceQueue queue() {
        return queue;
    }

    /** Nothing more is taken. A second call does nothing. */
    @Override
    public void close() {
        queue.end();
        arrival.end();
    }
}
