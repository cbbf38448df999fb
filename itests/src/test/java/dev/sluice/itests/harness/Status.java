package dev.sluice.itests.harness;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What {@code GET /api/v1/status} says, by the field names that docs/status.md promises. */
public record Status(JsonObject json) {

    /** Reads the answer. */
    public static Status parse(String body) {
        return new Status(JsonParser.parseString(body).getAsJsonObject());
    }

    /** {@return the generation} */
    public long generation() {
        return json.get("generation").getAsLong();
    }

    /** {@return the places, in the order in which requests run through them} */
    public List<Unit> chain() {
        return objects(json, "chain").stream().map(Unit::new).toList();
    }

    /** {@return the units that are ready and that no traffic goes to} */
    public List<Unit> standbys() {
        return objects(json, "standbys").stream().map(Unit::new).toList();
    }

    /** {@return the place of a middleware, if it has one} */
    public Optional<Unit> place(String name) {
        return chain().stream().filter(unit -> unit.name().equals(name)).findFirst();
    }

    /** {@return the version of a middleware that serves, if one does} */
    public Optional<String> serving(String name) {
        return place(name).flatMap(Unit::version);
    }

    /** {@return what became of the files} */
    public List<Deployment> deployments() {
        return objects(json, "deployments").stream().map(Deployment::new).toList();
    }

    /** {@return what became of a file: the latest, where an older content of it still drains} */
    public Optional<Deployment> deployment(String file) {
        List<Deployment> found = deployments().stream()
                .filter(deployment -> deployment.file().equals(file))
                .toList();
        return found.stream()
                .filter(deployment -> !List.of("RETIRED", "DRAINED", "RELEASED").contains(deployment.state()))
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    /** {@return the state of a file's deployment, empty text if it is unknown} */
    public String stateOf(String file) {
        return deployment(file).map(Deployment::state).orElse("");
    }

    /** {@return what became of what has left, the last first} */
    public List<Unload> unloads() {
        return objects(json, "unloads").stream().map(Unload::new).toList();
    }

    /** {@return what became of a version of a bundle; the last, if it left more than once} */
    public Optional<Unload> unload(String symbolicName, String version) {
        return unloads().stream()
                .filter(unload -> unload.symbolicName().equals(symbolicName)
                        && unload.version().equals(version))
                .findFirst();
    }

    /** {@return the sentences that an operator should read} */
    public List<String> alarms() {
        return StreamSupport.stream(json.getAsJsonArray("alarms").spliterator(), false)
                .map(alarm -> alarm.isJsonPrimitive() ? alarm.getAsString() : alarm.toString())
                .toList();
    }

    private static List<JsonObject> objects(JsonObject json, String name) {
        return StreamSupport.stream(json.getAsJsonArray(name).spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static Optional<String> text(JsonObject json, String name) {
        return Optional.ofNullable(json.get(name))
                .filter(element -> !element.isJsonNull())
                .map(JsonElement::getAsString);
    }

    /** One unit: of a place, or standby. */
    public record Unit(JsonObject json) {

        /** {@return the middleware's name} */
        public String name() {
            return json.get("name").getAsString();
        }

        /** {@return its version; none if the place is empty} */
        public Optional<String> version() {
            return text(json, "version");
        }

        /** {@return its state} */
        public String state() {
            return json.get("state").getAsString();
        }

        /** {@return its ranking} */
        public int ranking() {
            return json.get("ranking").getAsInt();
        }

        /** {@return its paths} */
        public List<String> paths() {
            return StreamSupport.stream(json.getAsJsonArray("paths").spliterator(), false)
                    .map(JsonElement::getAsString)
                    .toList();
        }

        /** {@return who owns the name} */
        public String owner() {
            return json.get("owner").getAsString();
        }

        /** {@return the bundle's id} */
        public long bundleId() {
            return json.get("bundleId").getAsLong();
        }

        /** {@return how many requests hold it} */
        public long leases() {
            return json.get("leases").getAsLong();
        }
    }

    /** {@return the rollouts that are under way} */
    public List<Rollout> rollouts() {
        return objects(json, "rollouts").stream().map(Rollout::new).toList();
    }

    /** {@return the summaries of the publications that rollouts caused, the newest first} */
    public List<String> rolloutHistory() {
        return objects(json, "history").stream()
                .filter(one -> text(one, "cause").equals(Optional.of("ROLLOUT")))
                .map(one -> one.get("summary").getAsString())
                .toList();
    }

    /** {@return the summaries of the publications by which content of a file came, the newest first} */
    public List<String> publicationsOf(String file) {
        return objects(json, "history").stream()
                .filter(one -> objects(one, "came").stream()
                        .anyMatch(content -> content.get("file").getAsString().equals(file)))
                .map(one -> one.get("summary").getAsString())
                .toList();
    }

    /** One rollout. */
    public record Rollout(JsonObject json) {

        /** {@return {@code STEP} or {@code BAKE}, or one of the same paused} */
        public String phase() {
            return json.get("phase").getAsString();
        }

        /** {@return the new version's share, in percent} */
        public double share() {
            return json.get("share").getAsDouble();
        }

        /** {@return the version that served before} */
        public String from() {
            return json.getAsJsonObject("from").get("version").getAsString();
        }

        /** {@return the new version} */
        public String to() {
            return json.getAsJsonObject("to").get("version").getAsString();
        }

        /** {@return what it waits for} */
        public String waitingFor() {
            return json.get("waitingFor").getAsString();
        }
    }

    /** One deployment. */
    public record Deployment(JsonObject json) {

        /** {@return the file's name} */
        public String file() {
            return json.get("file").getAsString();
        }

        /** {@return the state} */
        public String state() {
            return json.get("state").getAsString();
        }

        /** {@return why, empty where the state says all} */
        public String reason() {
            return text(json, "reason").orElse("");
        }

        /** {@return the digest, once it is known} */
        public Optional<String> sha256() {
            return text(json, "sha256");
        }

        /** {@return the id of its bundle, once it has one} */
        public Optional<Long> bundleId() {
            return text(json, "bundleId").map(Long::valueOf);
        }
    }

    /** What became of one bundle that has left. */
    public record Unload(JsonObject json) {

        /** {@return its number} */
        public long number() {
            return json.get("number").getAsLong();
        }

        /** {@return the id that the bundle had} */
        public long bundleId() {
            return json.get("bundleId").getAsLong();
        }

        /** {@return the bundle's symbolic name} */
        public String symbolicName() {
            return json.get("symbolicName").getAsString();
        }

        /** {@return the bundle's version} */
        public String version() {
            return json.get("version").getAsString();
        }

        /** {@return the verdict} */
        public String verdict() {
            return json.get("verdict").getAsString();
        }

        /** {@return how long it took until it was collected, in seconds} */
        public Optional<Double> seconds() {
            return text(json, "seconds").map(Double::valueOf);
        }

        /** {@return the bundles that are wired to it} */
        public List<String> users() {
            return texts("users");
        }

        /** {@return what kinds of culprits hold it, or held it} */
        public List<String> kinds() {
            return objects(json, "culprits").stream()
                    .map(culprit -> culprit.get("kind").getAsString())
                    .toList();
        }

        /** {@return what holds it, or held it} */
        public List<String> culprits() {
            return objects(json, "culprits").stream()
                    .map(culprit -> culprit.get("what").getAsString())
                    .toList();
        }

        /** {@return what was cleaned up after it} */
        public List<String> cleaned() {
            return texts("cleaned");
        }

        /** {@return where nobody could look} */
        public List<String> unseen() {
            return texts("unseen");
        }

        /** {@return why there is no verdict though collections came by} */
        public Optional<String> note() {
            return text(json, "note");
        }

        private List<String> texts(String name) {
            return StreamSupport.stream(json.getAsJsonArray(name).spliterator(), false)
                    .map(JsonElement::getAsString)
                    .toList();
        }
    }
}
