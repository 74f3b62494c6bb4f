package io.ketju.protocol.security;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The few values of ASN.1 that a certificate consists of, as X.690 (DER) writes them: a tag, a length, the content.
 */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int FIRST_YEAR_OF_GENERALIZED_TIME = 2050;
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return tagged(SEQUENCE, concatenated(parts));
    }

    static byte[] set(byte[]... parts) {
        return tagged(SET, concatenated(parts));
    }

    static byte[] integer(BigInteger value) {
        return tagged(0x02, value.toByteArray());
    }

    static byte[] yes() {
        return tagged(0x01, new byte[] {(byte) 0xFF});
    }

    static byte[] octets(byte[] content) {
        return tagged(0x04, content);
    }

    static byte[] utf8(String text) {
        return tagged(0x0C, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whole bytes. */
    static byte[] bits(byte[] content) {
        return tagged(0x03, concatenated(new byte[] {0}, content));
    }

    /** Named bits, the first of them the highest; trailing zeros are not written. */
    static byte[] flags(int highestFirst) {
        return tagged(
                0x03, new byte[] {(byte) Integer.numberOfTrailingZeros(highestFirst & 0xFF), (byte) highestFirst});
    }

    /** A name such as {@code 2.5.29.17}. */
    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(40 * Integer.parseInt(arcs[0]) + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            int arc = Integer.parseInt(arcs[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >>> shift != 0) {
                    content.write(((arc >>> shift) & 0x7F) | 0x80);
                }
            }
            content.write(arc & 0x7F);
        }
        return tagged(0x06, content.toByteArray());
    }

    /** Seconds; X.509 wants two digits of the year as long as they do. */
    static byte[] time(Instant instant) {
        boolean late = instant.atZone(ZoneOffset.UTC).getYear() >= FIRST_YEAR_OF_GENERALIZED_TIME;
        String text = (late ? GENERALIZED_TIME : UTC_TIME).format(instant);
        return tagged(late ? 0x18 : 0x17, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A value under a number that its place gives it, in place of its own tag if it is {@code simple}. */
    static byte[] inContext(int number, boolean simple, byte[] content) {
        return tagged((simple ? 0x80 : 0xA0) | number, content);
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 5);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            if (content.length >= 0x1_0000) {
                throw new IllegalArgumentException(
                        "a value of " + content.length + " bytes, expected fewer than 65536");
            }
            out.write(0x82);
            out.write(content.length >>> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
