package io.ketju.actors.standby;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.Manifest;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.piece.BrokenFileException;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceSender;
import io.ketju.data.InputProfile;
import io.ketju.data.file.DigestChannel;
import io.ketju.data.file.FileDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A {@link Parcel} together with where its files are: sent as often as wanted, with the same bytes. */
public final class Shipment {
    private static final int READ_BYTES = 1 << 18;

    /** Of a run's folder, what is sent with its checkpoints as it is then, if it is there and no larger than this. */
    private static final List<String> BESIDES = List.of(InputProfile.FILE, "metrics.csv");

    private static final long MOST_BESIDES = 16L << 20;

    private final Path run;
    private final Parcel parcel;
    /** Contents by name; what is not here is in the run's folder. */
    private final Map<String, byte[]> texts;

    private Shipment(Path run, Parcel parcel, Map<String, byte[]> texts) {
        this.run = run;
        this.parcel = parcel;
        this.texts = texts;
    }

    /**
     * {@return the number of a start, and the run's job}
     *
     * @param run the run's folder
     * @param start of the run, from 1
     * @param kept checkpoints that are kept
     * @throws IOException if it cannot be read
     */
    public static Shipment start(Path run, int start, int kept) throws IOException {
        Map<String, byte[]> texts = texts(run);
        return new Shipment(run, new Parcel(start, kept, OptionalLong.empty(), items(texts)), texts);
    }

    /**
     * {@return a checkpoint, whose shards are in the run's folder}
     *
     * @param run the run's folder
     * @param start of the run, from 1
     * @param kept checkpoints that are kept
     * @param manifest of the checkpoint, which need not be there yet
     * @throws IOException if the folder cannot be read
     */
    public static Shipment checkpoint(Path run, int start, int kept, Manifest manifest) throws IOException {
        Map<String, byte[]> texts = texts(run);
        List<Parcel.Item> items = new ArrayList<>(items(texts));
        Path folder = CheckpointStore.directory(Path.of("checkpoints"), manifest.step());
        for (Shard shard : manifest.shards()) {
            items.add(new Parcel.Item(folder + "/" + shard.file(), shard.bytes(), shard.sha256()));
        }
        String last = folder + "/" + Manifest.FILE;
        byte[] json = manifest.toJson().getBytes(StandardCharsets.UTF_8);
        texts.put(last, json);
        items.add(item(last, json));
        return new Shipment(run, new Parcel(start, kept, OptionalLong.of(manifest.step()), items), texts);
    }

    /**
     * {@return all that a new copy needs: the newest checkpoint that is whole, and before it that of the best epoch which it names}
     *
     * @param directory of the run
     * @param start of the run, from 1
     * @param kept checkpoints that are kept
     * @throws IOException if it cannot be read
     */
    public static List<Shipment> all(RunDirectory directory, int start, int kept) throws IOException {
        Optional<Checkpoint> newest = directory.newest();
        if (newest.isEmpty()) {
            return List.of(start(directory.path(), start, kept));
        }
        List<Shipment> all = new ArrayList<>();
        long best = BestEpoch.in(newest.get().manifest().progress())
                .map(BestEpoch::step)
                .orElse(newest.get().step());
        if (best != newest.get().step()) {
            all.add(checkpoint(directory.path(), start, kept, directory.best().manifest()));
        }
        all.add(checkpoint(directory.path(), start, kept, newest.get().manifest()));
        return all;
    }

    /** {@return what is in it} */
    public Parcel parcel() {
        return parcel;
    }

    /**
     * Sends it; when this returns, its last piece is on its way.
     *
     * @param link by which it goes; stays the caller's
     * @param sender of its pieces
     * @param first number of the first file, which is the parcel's own text
     * @return the number of the file that comes next on this way
     * @throws IOException if the way breaks, or a file is not what it was
     */
    public long send(PieceLink link, PieceSender sender, long first) throws IOException {
        byte[] text = parcel.text().getBytes(StandardCharsets.UTF_8);
        List<Parcel.Item> files = parcel.files();
        sender.send(link, first, files.size(), out -> write(out, ByteBuffer.wrap(text)));
        long number = first + 1;
        for (int i = 0; i < files.size(); i++) {
            Parcel.Item file = files.get(i);
            sender.send(link, number, files.size() - 1 - i, out -> write(out, file));
            number++;
        }
        return number;
    }

    private void write(DigestChannel out, Parcel.Item file) throws IOException {
        byte[] text = texts.get(file.name());
        if (text != null) {
            write(out, ByteBuffer.wrap(text));
            return;
        }
        Path path = run.resolve(file.name());
        try (FileChannel in = FileChannel.open(path)) {
            ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
            while (in.read(buffer.clear()) >= 0) {
                out.write(buffer.flip());
            }
        }
        FileDigest found = out.digest();
        if (found.length() != file.bytes() || !found.sha256().equals(file.sha256())) {
            throw new BrokenFileException(path + ": damaged: expected " + file.bytes() + " bytes with SHA-256 "
                    + file.sha256() + ", found " + found.length() + " with " + found.sha256());
        }
        pad(out);
    }

    private static void write(DigestChannel out, ByteBuffer bytes) throws IOException {
        out.write(bytes);
        pad(out);
    }

    /** Pieces have whole words; what is more than the file has is dropped again. */
    private static void pad(DigestChannel out) throws IOException {
        int behind = Math.floorMod(-out.digest().length(), Integer.BYTES);
        out.write(ByteBuffer.wrap(" ".repeat(behind).getBytes(StandardCharsets.US_ASCII)));
    }

    private static Map<String, byte[]> texts(Path run) throws IOException {
        Map<String, byte[]> texts = new LinkedHashMap<>();
        Path job = RunDirectory.jobFileIn(run);
        texts.put(String.valueOf(job.getFileName()), Files.readAllBytes(job));
        for (String name : BESIDES) {
            Path file = run.resolve(name);
            if (Files.isRegularFile(file) && Files.size(file) <= MOST_BESIDES) {
                texts.put(name, Files.readAllBytes(file));
            }
        }
        return texts;
    }

    private static List<Parcel.Item> items(Map<String, byte[]> texts) {
        return texts.entrySet().stream()
                .map(text -> item(text.getKey(), text.getValue()))
                .toList();
    }

    private static Parcel.Item item(String name, byte[] bytes) {
        DigestChannel digest = DigestChannel.discarding();
        try {
            digest.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new IllegalStateException("nothing is written anywhere", e);
        }
        return new Parcel.Item(name, bytes.length, digest.digest().sha256());
    }
}
