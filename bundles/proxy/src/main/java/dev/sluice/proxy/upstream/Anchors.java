package dev.sluice.proxy.upstream;

import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates that a route trusts. Java believes whoever holds one of these whatever their dates say. */
final class Anchors {

    private static final Logger LOG = LoggerFactory.getLogger(Anchors.class);

    private Anchors() {}

    /**
     * {@return those that are in date}
     *
     * @param file where they come from
     * @param certificates what is in there
     * @param now the time
     * @throws IllegalArgumentException if none is
     */
    static Collection<? extends Certificate> inDate(
            Path file, Collection<? extends Certificate> certificates, Instant now) {
        List<Certificate> inDate = new ArrayList<>();
        List<X509Certificate> others = new ArrayList<>();
        for (Certificate certificate : certificates) {
            if (certificate instanceof X509Certificate dated && !isInDate(dated, now)) {
                others.add(dated);
            } else {
                inDate.add(certificate);
            }
        }
        String dates = others.stream().map(Anchors::dates).collect(Collectors.joining("; "));
        if (inDate.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no certificate that is valid now: " + dates);
        }
        if (!others.isEmpty()) {
            LOG.warn("{}: not trusted, as it isn't valid now: {}", file, dates);
        }
        return inDate;
    }

    private static boolean isInDate(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private static String dates(X509Certificate certificate) {
        return certificate.getSubjectX500Principal() + " is valid from "
                + certificate.getNotBefore().toInstant() + " to "
                + certificate.getNotAfter().toInstant();
    }
}
