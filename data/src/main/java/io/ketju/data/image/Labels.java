package io.ketju.data.image;

import io.ketju.data.IdentityHash;
import java.util.List;

/**
 * One class index per image, one unsigned byte each. Owns its bytes: whoever made it must not write to them any more.
 *
 * @param bytes holds the labels from {@code offset} on, each below {@code classes}
 * @param offset of the first label
 * @param count number of labels
 * @param classes number of classes
 * @param names one per class, or empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never written to
public record Labels(byte[] bytes, int offset, int count, int classes, List<String> names) {
    /** Throws {@link IllegalArgumentException} if a label is not below {@code classes} or the names are too few. */
    public Labels {
        names = List.copyOf(names);
        if (!names.isEmpty() && names.size() != classes) {
            throw new IllegalArgumentException(classes + " classes but names " + names);
        }
        for (int i = 0; i < count; i++) {
            if ((bytes[offset + i] & 0xFF) >= classes) {
                throw new IllegalArgumentException(
                        "label " + (bytes[offset + i] & 0xFF) + " of image " + i + " in " + classes + " classes");
            }
        }
    }

    /**
     * {@return the class of one image, 0 to classes-1}
     *
     * @param image 0 to count-1
     */
    public int get(int image) {
        return bytes[offset + image] & 0xFF;
    }

    void hash(IdentityHash hash) {
        hash.add("" + classes).add(bytes, offset, count);
    }
}
