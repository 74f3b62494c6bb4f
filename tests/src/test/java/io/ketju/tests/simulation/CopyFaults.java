package io.ketju.tests.simulation;

import io.ketju.actors.piece.PieceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is sent of a copy in memory where a bug is planted: another copy under the name of the one that is asked for. */
final class CopyFaults {
    /** What is sent. */
    record Piece(PieceKey key, Frame frame) {
        Piece of(long file) {
            return new Piece(new PieceKey(file, key.piece(), key.seal()), frame);
        }
    }

    /** One that a stage has made. */
    private record Copy(int incarnation, int stage, long step, List<Piece> pieces) {}

    private final World world;
    private final List<Copy> made = new ArrayList<>();
    private final Map<FileEdge, List<Piece>> coming = new LinkedHashMap<>();

    CopyFaults(World world) {
        this.world = world;
    }

    /** What leaves in place of a piece: mostly that. */
    List<Piece> sent(FileEdge edge, PieceKey key, Frame frame) {
        Piece piece = new Piece(key, frame);
        if (world.has(Bug.STALE_COPY_GIVEN) || world.has(Bug.COPY_OF_ANOTHER_START_GIVEN)) {
            if (edge.kind() == FileEdge.Kind.COPY) {
                remember(edge, piece);
            } else if (edge.kind() == FileEdge.Kind.KEPT) {
                return other(edge, key.file())
                        .map(copy -> key.piece() == 0 ? relabelled(copy, key.file()) : List.<Piece>of())
                        .orElse(List.of(piece));
            }
        }
        return List.of(piece);
    }

    private void remember(FileEdge edge, Piece piece) {
        if (piece.key().piece() == 0) {
            coming.put(edge, new ArrayList<>());
        }
        List<Piece> pieces = coming.getOrDefault(edge, new ArrayList<>());
        pieces.add(piece);
        if (piece.key().seal()) {
            made.add(new Copy(
                    edge.ticket().incarnation(), edge.stage(), piece.key().file(), List.copyOf(pieces)));
        }
    }

    /** The last one of the stage that is not what is asked for; of an older start than the last one, or of an earlier step. */
    private Optional<Copy> other(FileEdge edge, long step) {
        List<Copy> ofStage =
                made.stream().filter(copy -> copy.stage() == edge.stage()).toList();
        int latest = ofStage.stream().mapToInt(Copy::incarnation).max().orElse(0);
        return ofStage.stream()
                .filter(copy -> world.has(Bug.STALE_COPY_GIVEN)
                        ? copy.step() < step
                        : copy.incarnation() < latest && copy.step() != step)
                .reduce((before, last) -> last);
    }

    private static List<Piece> relabelled(Copy copy, long file) {
        return copy.pieces().stream().map(piece -> piece.of(file)).toList();
    }
}
