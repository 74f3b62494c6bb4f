package io.ketju.actors.standby;

import io.ketju.actors.checkpoint.DamagedCheckpointException;
import io.ketju.actors.checkpoint.RunCopy;
import io.ketju.actors.piece.BrokenFileException;
import io.ketju.actors.piece.FileSeal;
import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceOrder;
import io.ketju.data.file.DigestChannel;
import io.ketju.data.file.FileDigest;
import io.ketju.data.file.FileDraft;
import io.ketju.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes parcels piece by piece into a copy of a run's folder. No file has a name before it is what the parcel says, and no checkpoint its
 * manifest before all its files have theirs. Not thread-safe.
 */
public final class ParcelTaker implements AutoCloseable {
    private final RunCopy copy;
    private @Nullable Parcel parcel;
    /** Files of the parcel that have come. */
    private int taken;

    private long file;
    private PieceOrder order = new PieceOrder(0);
    private DigestChannel all = DigestChannel.discarding();
    private ByteArrayOutputStream text = new ByteArrayOutputStream();
    private @Nullable FileDraft draft;
    private long left;

    /**
     * One for one way, on which nothing has come.
     *
     * @param copy where it writes; stays the caller's
     */
    public ParcelTaker(RunCopy copy) {
        this.copy = copy;
    }

    /**
     * Takes one piece.
     *
     * @param key where the piece belongs; it must be the next one
     * @param piece its bytes, which stay the caller's
     * @return the parcel with its last piece: its start and all its files are durable, and its checkpoint was read back; empty with all
     *     before
     * @throws IOException with one line if it is not what was sent, or cannot be written; nothing more can be taken then
     */
    public Optional<Parcel> take(PieceKey key, Tensor piece) throws IOException {
        order.require(key);
        if (!key.seal()) {
            add(piece.segment().asByteBuffer());
            return Optional.empty();
        }
        FileSeal seal = FileSeal.of(piece);
        seal.require(all.digest());
        Parcel coming = parcel;
        if (coming == null) {
            begin(seal);
        } else {
            requireBehind(coming.files().size() - 1 - taken, seal);
            end(coming.files().get(taken));
            taken++;
        }
        file++;
        order = new PieceOrder(file);
        all = DigestChannel.discarding();
        return next();
    }

    /** The file that comes next, or all is here. */
    private Optional<Parcel> next() throws IOException {
        Parcel coming = Objects.requireNonNull(parcel);
        if (taken < coming.files().size()) {
            Parcel.Item item = coming.files().get(taken);
            draft = copy.draft(item.name());
            left = item.bytes();
            return Optional.empty();
        }
        parcel = null;
        text = new ByteArrayOutputStream();
        if (coming.step().isPresent()) {
            try {
                copy.committed(coming.step().getAsLong(), coming.kept());
            } catch (DamagedCheckpointException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        return Optional.of(coming);
    }

    private void begin(FileSeal seal) throws IOException {
        Parcel coming;
        try {
            coming = Parcel.parse(text.toString(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BrokenFileException(String.valueOf(e.getMessage()));
        }
        requireBehind(coming.files().size(), seal);
        copy.follow(coming.start());
        parcel = coming;
        taken = 0;
    }

    private static void requireBehind(int files, FileSeal seal) throws BrokenFileException {
        if (seal.behind() != files) {
            throw new BrokenFileException("expected " + files + " files to follow, found " + seal.behind());
        }
    }

    private void add(ByteBuffer bytes) throws IOException {
        all.write(bytes.duplicate());
        FileDraft to = draft;
        if (to != null) {
            int wanted = (int) Math.min(left, bytes.remaining());
            to.write(bytes.slice(bytes.position(), wanted));
            left -= wanted;
            if (bytes.remaining() - wanted >= Integer.BYTES) {
                throw new BrokenFileException(
                        "expected no more bytes of " + name() + ", found " + (bytes.remaining() - wanted));
            }
        } else {
            byte[] more = new byte[bytes.remaining()];
            bytes.get(more);
            text.write(more);
            if (text.size() > Parcel.MAX_BYTES) {
                throw new BrokenFileException(
                        "expected a parcel of at most " + Parcel.MAX_BYTES + " bytes, found more");
            }
        }
    }

    private void end(Parcel.Item item) throws IOException {
        try (FileDraft whole = Objects.requireNonNull(draft)) {
            draft = null;
            FileDigest found = whole.digest();
            if (!found.equals(new FileDigest(item.bytes(), item.sha256()))) {
                throw new BrokenFileException("expected " + item.bytes() + " bytes of " + item.name() + " with SHA-256 "
                        + item.sha256() + ", found " + found.length() + " with " + found.sha256());
            }
            whole.commit();
        }
    }

    private String name() {
        return Objects.requireNonNull(parcel).files().get(taken).name();
    }

    /** Removes what has come of a file that is not whole. */
    @Override
    public void close() throws IOException {
        FileDraft unfinished = draft;
        draft = null;
        if (unfinished != null) {
            unfinished.close();
        }
    }
}
