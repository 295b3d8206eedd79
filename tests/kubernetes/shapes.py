"""What the operators' resources may say here, in JSON Schema: our own list of what we use of each.

It was written by their documentation, and its manifests were held against their whole definitions
(`test_schemas.py`); so that a slip of the pen is seen where those are not had.
"""

from __future__ import annotations

from typing import Any

__all__ = ["SHAPES"]

Shape = dict[str, Any]

TEXT: Shape = {"type": "string", "minLength": 1}
FLAG: Shape = {"type": "boolean"}
COUNT: Shape = {"type": "integer", "minimum": 0}
SIZE: Shape = {"type": "string", "pattern": r"^[1-9]\d*(Mi|Gi)$"}
TIME: Shape = {"type": "string", "pattern": r"^\d+(s|m|h|d)$"}
ANYTHING: Shape = {"type": "object"}


def one_of(*values: str) -> Shape:
    return {"enum": list(values)}


def many(of: Shape) -> Shape:
    return {"type": "array", "minItems": 1, "items": of}


def map_of(values: Shape) -> Shape:
    return {"type": "object", "additionalProperties": values}


def record(_optional: Shape | None = None, /, **required: Shape) -> Shape:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": {**required, **(_optional or {})},
    }


KEY_OF_SECRET = record(name=TEXT, key=TEXT)
SELECTOR = record({"matchLabels": map_of(TEXT), "matchExpressions": many(ANYTHING)})
RESOURCES = record(
    requests=record(cpu=TEXT, memory=SIZE),
    limits=record(cpu=TEXT, memory=SIZE),
)

DATABASE = record(
    {
        "affinity": record(
            {
                "topologyKey": TEXT,
                "podAntiAffinityType": one_of("preferred", "required"),
            },
            enablePodAntiAffinity=FLAG,
        ),
        "plugins": many(
            record(name=TEXT, isWALArchiver=FLAG, parameters=record(barmanObjectName=TEXT))
        ),
    },
    instances=COUNT,
    imageName=TEXT,
    primaryUpdateStrategy=one_of("unsupervised", "supervised"),
    primaryUpdateMethod=one_of("switchover", "restart"),
    enableSuperuserAccess=FLAG,
    bootstrap=record(
        initdb=record(
            database=TEXT,
            owner=TEXT,
            secret=record(name=TEXT),
            encoding=TEXT,
            localeProvider=one_of("builtin"),
            builtinLocale=TEXT,
            localeCollate=TEXT,
            localeCType=TEXT,
            dataChecksums=FLAG,
        )
    ),
    postgresql=record(
        {
            "synchronous": record(
                method=one_of("any", "first"),
                number=COUNT,
                dataDurability=one_of("required", "preferred"),
            )
        },
        parameters=map_of(TEXT),
    ),
    storage=record(size=SIZE),
    walStorage=record(size=SIZE),
    resources=RESOURCES,
)

BACKUP_SCHEDULE = record(
    schedule={"type": "string", "pattern": r"^(\S+ ){5}\S+$"},
    immediate=FLAG,
    cluster=record(name=TEXT),
    backupOwnerReference=one_of("none", "self", "cluster"),
    method=one_of("plugin"),
    pluginConfiguration=record(name=TEXT),
)

BACKUP_STORE = record(
    retentionPolicy={"type": "string", "pattern": r"^[1-9]\d*[dwm]$"},
    configuration=record(
        destinationPath=TEXT,
        endpointURL=TEXT,
        s3Credentials=record(accessKeyId=KEY_OF_SECRET, secretAccessKey=KEY_OF_SECRET),
        wal=record(
            compression=one_of("bzip2", "gzip", "lz4", "snappy", "xz", "zstd"), maxParallel=COUNT
        ),
        data=record(compression=one_of("bzip2", "gzip", "snappy"), jobs=COUNT),
    ),
    instanceSidecarConfiguration=record(resources=RESOURCES),
)

BROKER = record(
    {"affinity": ANYTHING},
    replicas={"enum": [1, 3]},
    image=TEXT,
    terminationGracePeriodSeconds=COUNT,
    resources=RESOURCES,
    persistence=record(storage=SIZE),
    tls=record(secretName=TEXT, disableNonTLSListeners=FLAG),
    rabbitmq=record(additionalConfig=TEXT),
)

QUEUE_TRIGGER = record(
    type=one_of("rabbitmq"),
    name=TEXT,
    authenticationRef=record(name=TEXT),
    metadata=record(
        {"useRegex": one_of("true"), "operation": one_of("sum"), "pageSize": TEXT},
        protocol=one_of("http"),
        vhostName=TEXT,
        queueName=TEXT,
        mode=one_of("QueueLength"),
        value={"type": "string", "pattern": r"^[1-9]\d*$"},
    ),
)
SCALING = record(
    scaleTargetRef=record(name=TEXT),
    pollingInterval=COUNT,
    minReplicaCount=COUNT,
    maxReplicaCount=COUNT,
    advanced=record(horizontalPodAutoscalerConfig=record(behavior=ANYTHING)),
    triggers=many(QUEUE_TRIGGER),
)

SECRET = record(
    refreshInterval=TIME,
    secretStoreRef=record(kind=one_of("SecretStore"), name=TEXT),
    target=record(
        {"template": record({"type": TEXT}, data=map_of(TEXT))},
        creationPolicy=one_of("Owner"),
        deletionPolicy=one_of("Retain"),
    ),
    data=many(record(secretKey=TEXT, remoteRef=record(key=TEXT, property=TEXT))),
)

STORE = record(
    provider={
        "oneOf": [
            record(
                vault=record(
                    server=TEXT,
                    path=TEXT,
                    version=one_of("v1", "v2"),
                    auth=record(
                        kubernetes=record(
                            mountPath=TEXT, role=TEXT, serviceAccountRef=record(name=TEXT)
                        )
                    ),
                )
            ),
            record(
                kubernetes=record(
                    remoteNamespace=TEXT,
                    server=record(caProvider=record(type=one_of("ConfigMap"), name=TEXT, key=TEXT)),
                    auth=record(serviceAccount=record(name=TEXT)),
                )
            ),
        ]
    }
)

MONITOR = record(
    selector=SELECTOR,
    podMetricsEndpoints=many(
        record(
            {"path": TEXT, "params": map_of(many(TEXT)), "honorLabels": FLAG},
            port=TEXT,
            interval=TIME,
        )
    ),
)

WAY_IN = record(
    gatewayClassName=TEXT,
    listeners=many(
        record(
            {"tls": record(mode=one_of("Terminate"), certificateRefs=many(record(name=TEXT)))},
            name=TEXT,
            protocol=one_of("HTTP", "HTTPS"),
            port=COUNT,
            hostname=TEXT,
            allowedRoutes=record(namespaces=record({"from": one_of("Same")})),
        )
    ),
)

ROUTE = record(
    parentRefs=many(record(name=TEXT, sectionName=TEXT)),
    hostnames=many(TEXT),
    rules=many(
        record(
            {
                "matches": many(
                    record(path=record(type=one_of("Exact", "PathPrefix"), value=TEXT))
                ),
                "timeouts": record(request=TIME, backendRequest=TIME),
                "backendRefs": many(record(name=TEXT, port=COUNT)),
                "filters": many(
                    record(
                        type=one_of("RequestRedirect"),
                        requestRedirect=record(scheme=one_of("https"), statusCode={"enum": [301]}),
                    )
                ),
            }
        )
    ),
)

CERTIFICATE = record(
    secretName=TEXT,
    dnsNames=many(TEXT),
    issuerRef=record(kind=one_of("ClusterIssuer"), name=TEXT),
)

SHAPES: dict[tuple[str, str], Shape] = {
    ("postgresql.cnpg.io/v1", "Cluster"): DATABASE,
    ("postgresql.cnpg.io/v1", "ScheduledBackup"): BACKUP_SCHEDULE,
    ("barmancloud.cnpg.io/v1", "ObjectStore"): BACKUP_STORE,
    ("cert-manager.io/v1", "Certificate"): CERTIFICATE,
    ("rabbitmq.com/v1beta1", "RabbitmqCluster"): BROKER,
    ("keda.sh/v1alpha1", "ScaledObject"): SCALING,
    ("keda.sh/v1alpha1", "TriggerAuthentication"): record(
        secretTargetRef=many(record(parameter=one_of("host"), name=TEXT, key=TEXT))
    ),
    ("external-secrets.io/v1", "ExternalSecret"): SECRET,
    ("external-secrets.io/v1", "SecretStore"): STORE,
    ("monitoring.coreos.com/v1", "PodMonitor"): MONITOR,
    ("gateway.networking.k8s.io/v1", "Gateway"): WAY_IN,
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): ROUTE,
}
