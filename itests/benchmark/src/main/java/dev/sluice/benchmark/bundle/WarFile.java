package dev.sluice.benchmark.bundle;

import dev.sluice.benchmark.server.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A web application with the two filters and the servlet that answers.
 *
 * @param version the version that the filters set
 * @param denies whether they answer 403
 */
public record WarFile(String version, boolean denies) {

    private static final String DESCRIPTOR =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
              %s%s
              <servlet><servlet-name>answer</servlet-name><servlet-class>%s</servlet-class></servlet>
              <servlet-mapping><servlet-name>answer</servlet-name><url-pattern>/*</url-pattern></servlet-mapping>
            </web-app>
            """;

    private static final String FILTER =
            """
            <filter><filter-name>%1$s</filter-name><filter-class>%2$s</filter-class>
                <init-param><param-name>header</param-name><param-value>X-%1$s</param-value></init-param>
                <init-param><param-name>version</param-name><param-value>%3$s</param-value></init-param>
                <init-param><param-name>denies</param-name><param-value>%4$s</param-value></init-param>
              </filter>
              <filter-mapping><filter-name>%1$s</filter-name><url-pattern>/*</url-pattern></filter-mapping>
            """;

    /** Writes it. */
    public void write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream war = new ZipOutputStream(out)) {
            war.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
            war.write(DESCRIPTOR
                    .formatted(filter("First"), filter("Last"), Answer.class.getName())
                    .getBytes(StandardCharsets.UTF_8));
            for (Class<?> one : List.of(WarFilter.class, Stamp.class, Answer.class)) {
                String name = one.getName().replace('.', '/') + ".class";
                war.putNextEntry(new ZipEntry("WEB-INF/classes/" + name));
                try (InputStream in = one.getClassLoader().getResourceAsStream(name)) {
                    in.transferTo(war);
                }
            }
        }
    }

    private String filter(String name) {
        return FILTER.formatted(name, WarFilter.class.getName(), version, denies);
    }
}
